package dev.serving.core.engine;

import dev.serving.core.engine.Batch.Preemption;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.TraceNames;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * All that the record of a step says, as attributes of its span: who reads a trace can tell why its
 * requests were slow as well as the server that made it. Of several ranks, parts or preemptions
 * there are lists, in one order each. Requests are told by their numbers in the ledger, not by
 * name.
 */
final class StepAttributes {
  private final StepRecord record;
  private final AttributesBuilder all = Attributes.builder();

  private StepAttributes(StepRecord record) {
    this.record = record;
  }

  static Attributes of(StepRecord record, int dpRank) {
    StepAttributes attributes = new StepAttributes(record);
    attributes.step();
    attributes.ranks();
    attributes.parts();
    attributes.preemptions();
    attributes.all.put("dp_rank", dpRank);
    return attributes.all.build();
  }

  private void step() {
    all.put(TraceNames.STEP, record.id())
        .put(TraceNames.BATCH_SIZE, (long) record.sequences())
        .put(TraceNames.BATCH_PREFILL_TOKENS, (long) record.rows(Phase.PREFILL))
        .put(TraceNames.BATCH_DECODE_TOKENS, (long) record.rows(Phase.DECODE))
        .put(TraceNames.KV_BLOCKS_USED, (long) record.usedBlocks())
        .put("plan_ns", record.sentNs() - record.plannedNs())
        .put("complete_ns", record.completedNs() - record.answeredNs())
        .put("paused_ns", record.pausedNs())
        .put(TraceNames.NANO_TIME, record.sentNs())
        .put("waiting", (long) record.waiting());
    record.delay().ifPresent(d -> all.put("delay", d.name().toLowerCase(Locale.ROOT)));
  }

  private void ranks() {
    int ranks = record.ranks();
    list("rank.busy_ns", ranks, record::busyNs);
    list("rank.waited_ns", ranks, record::waitedNs);
    list("rank.paused_ns", ranks, record::pausedNs);
  }

  private void parts() {
    int parts = record.sequences();
    list("part.key", parts, record::key);
    list("part.prefill", parts, part -> record.phase(part) == Phase.PREFILL ? 1 : 0);
    list("part.again", parts, part -> record.again(part) ? 1 : 0);
    list("part.rows", parts, record::rows);
    list("part.position", parts, record::position);
    list("part.blocks", parts, record::blocks);
    list("part.waited_ns", parts, this::waitedNs);
  }

  /** How long a part's sequence had waited until this step; -1 where it ran before. */
  private long waitedNs(int part) {
    return record.admitted(part) ? record.sentNs() - record.queuedNs(part) : -1;
  }

  private void preemptions() {
    List<Preemption> preemptions =
        IntStream.range(0, record.preemptions()).mapToObj(record::preemption).toList();
    if (!preemptions.isEmpty()) {
      list("preempted.victim", preemptions.size(), i -> preemptions.get(i).victim().key);
      list("preempted.beneficiary", preemptions.size(), i -> preemptions.get(i).beneficiary().key);
    }
  }

  private void list(String name, int size, IntToLongFunction value) {
    LongStream values = IntStream.range(0, size).mapToLong(value);
    all.put(AttributeKey.longArrayKey(name), values.boxed().toList());
  }
}
