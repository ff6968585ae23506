package dev.serving.viewer.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The traces of a store and the blocks that their spans lie in: takes, lets go, counts. Guarded by
 * the store's lock.
 */
final class HeldTraces {
  private static final int SHARE_OF_ONE_TRACE = 4;
  private static final int SHARE_OF_PINNED = 4;
  private static final int BLOCKS = 64;
  private static final int LEAST_BLOCK = 4 << 10;
  // With its header a whole region of the collector, which then never copies it.
  private static final int LARGEST_BLOCK = (1 << 20) - 16;

  private final Map<HeldTrace.Key, HeldTrace> traces = new LinkedHashMap<>();
  private final List<Block> blocks = new ArrayList<>();
  private final Map<TraceStore.Operation, Integer> operations = new HashMap<>();
  private final StoreConfig config;
  private final int blockSize;
  private final Pins pins;
  private final List<Integer> dropped = new ArrayList<>();
  private int blocksMade;
  private long sealedBytes;
  private long traceBytes;
  private long heldSpans;
  private long stored;
  private long duplicates;
  private long refused;
  private long evictedTraces;
  private long evictedSpans;

  HeldTraces(StoreConfig config, Pins pins) {
    this.config = config;
    this.pins = pins;
    long share = config.maxBytes() / BLOCKS;
    this.blockSize = (int) Math.max(LEAST_BLOCK, Math.min(LARGEST_BLOCK, share));
  }

  /** Takes an export's spans; so many were too many for their trace. */
  long add(Export export) {
    long refusedBefore = refused;
    for (Export.Entry span : export.spans) {
      take(export, span);
    }
    evict();
    return refused - refusedBefore;
  }

  /** Null where it is not here. */
  HeldTrace trace(HeldTrace.Key key) {
    return traces.get(key);
  }

  Collection<HeldTrace> all() {
    return traces.values();
  }

  Search search() {
    return new Search(blocks);
  }

  List<TraceStore.Operation> operations() {
    return List.copyOf(operations.keySet());
  }

  StoreCounts counts() {
    return new StoreCounts(
        traces.size(),
        heldSpans,
        bytes(),
        stored,
        duplicates,
        refused,
        evictedTraces,
        evictedSpans,
        pins.count(),
        pins.changes());
  }

  /** What is to be written; the blocks that went are told once. */
  Disk.Moment moment() {
    Disk.Moment moment = Disk.Moment.of(blocks, dropped);
    dropped.clear();
    return moment;
  }

  /** Whether one more may be pinned. */
  boolean hasRoomToPin(HeldTrace one) {
    long spans = one.spans();
    long bytes = one.spanBytes();
    for (HeldTrace held : traces.values()) {
      spans += held.pinned ? held.spans() : 0;
      bytes += held.pinned ? held.spanBytes() : 0;
    }
    return pins.count() < Pins.MOST
        && spans <= config.maxSpans() / SHARE_OF_PINNED
        && bytes <= config.maxBytes() / SHARE_OF_PINNED;
  }

  void evictOlderThan(long millis) {
    int renewals = pins.count();
    while (!traces.isEmpty() && oldest().first.touchedMillis < millis) {
      renewals -= letGoOfOldest(renewals);
    }
  }

  /** Every block was restored. */
  void restored() {
    pins.retain(traces.keySet());
    evict();
  }

  private void take(Export export, Export.Entry span) {
    HeldTrace.Key key = new HeldTrace.Key(span.traceHigh(), span.traceLow());
    HeldTrace held = traces.get(key);
    if (held != null && held.holds(span.spanId())) {
      duplicates++;
    } else if (held != null && isFull(held, span)) {
      refused++;
    } else {
      keep(export, span, key, held);
    }
  }

  private boolean isFull(HeldTrace held, Export.Entry span) {
    return held.isFull(
        span, config.maxSpans() / SHARE_OF_ONE_TRACE, config.maxBytes() / SHARE_OF_ONE_TRACE);
  }

  private void keep(Export export, Export.Entry span, HeldTrace.Key key, HeldTrace known) {
    Block block = blockFor(span);
    long before = known == null ? Block.NOWHERE : known.last();
    int place = block.append(span.group(), export.bytes, span.from(), span.length(), before);
    block.touchedMillis = System.currentTimeMillis();
    hold(export, span, key, block, place);
  }

  private void hold(Export export, Export.Entry span, HeldTrace.Key key, Block block, int place) {
    HeldTrace held = traces.get(key);
    if (held == null) {
      held = new HeldTrace(key, block);
      held.pinned = pins.has(key);
      traces.put(key, held);
      block.begun++;
    } else {
      traceBytes -= held.weight();
    }
    held.add(span, block.group(place), ((long) block.number << 32) | place, export.terms);
    traceBytes += held.weight();
    heldSpans++;
    stored++;
    index(export, span, block);
  }

  private void index(Export export, Export.Entry span, Block block) {
    for (int i = span.termsFrom(); i < span.termsTo(); i++) {
      block.terms.add(export.terms[i]);
    }
    long operation =
        Terms.both(span.group().process.service, Terms.both(span.nameHash(), span.kind()));
    if (block.terms.add(operation)) {
      TraceStore.Operation fresh =
          new TraceStore.Operation(
              span.group().process.resource.service(),
              new String(
                  export.bytes,
                  span.nameFrom(),
                  span.nameTo() - span.nameFrom(),
                  StandardCharsets.UTF_8),
              SpanKind.ofNumber(span.kind()));
      block.operations.add(fresh);
      operations.merge(fresh, 1, Integer::sum);
    }
  }

  void restore(BlockFiles.Found found) {
    Block block = new Block(found);
    blocks.add(block);
    blocksMade = block.number + 1;
    try {
      for (int place = 0; place < block.used(); place = block.next(place)) {
        if (block.isSpan(place)) {
          restore(block, place);
        } else {
          block.know(place);
        }
      }
    } catch (MalformedSpansException e) {
      throw new IllegalStateException("block " + block.number + " passed its sum and is none", e);
    }
    block.seal();
    sealedBytes += block.weight();
  }

  /** A span whose trace began in a block that is gone was evicted with it. */
  private void restore(Block block, int place) throws MalformedSpansException {
    Export kept = Export.ofKept(block, place);
    Export.Entry span = kept.spans.get(0);
    HeldTrace.Key key = new HeldTrace.Key(span.traceHigh(), span.traceLow());
    HeldTrace held = traces.get(key);
    if (held == null && block.before(place) == Block.NOWHERE) {
      hold(kept, span, key, block, place);
    } else if (held != null && !held.holds(span.spanId())) {
      block.relink(place, held.last());
      hold(kept, span, key, block, place);
    }
  }

  private Block blockFor(Export.Entry span) {
    Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
    if (last != null && !last.isSealed() && last.room(span.group(), span.length()) <= last.free()) {
      return last;
    }
    if (last != null && !last.isSealed()) {
      last.seal();
      sealedBytes += last.weight();
    }
    long room = Block.roomAlone(span.group(), span.length());
    Block fresh = new Block(blocksMade++, Math.toIntExact(Math.max(blockSize, room)));
    blocks.add(fresh);
    return fresh;
  }

  private long bytes() {
    Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
    long growing = last == null || last.isSealed() ? 0 : last.weight();
    return sealedBytes + growing + traceBytes;
  }

  private void evict() {
    int renewals = pins.count();
    while ((heldSpans > config.maxSpans() || bytes() > config.maxBytes()) && !traces.isEmpty()) {
      renewals -= letGoOfOldest(renewals);
    }
  }

  private HeldTrace oldest() {
    return traces.values().iterator().next();
  }

  /** Pinned ones begin anew, each once: who sends endless spans for them does not fill the heap. */
  private int letGoOfOldest(int renewals) {
    HeldTrace oldest = oldest();
    traces.remove(oldest.key);
    if (oldest.pinned && renewals > 0) {
      renew(oldest);
      return 1;
    }
    pins.remove(oldest.key);
    gone(oldest);
    return 0;
  }

  /** Writes its spans again, as the newest: blocks go in order, and this trace stays. */
  private void renew(HeldTrace old) {
    for (long place : search().places(old.seen())) {
      Block block = blocks.get((int) (place >>> 32) - blocks.get(0).number);
      Export kept = export(block, (int) place);
      keep(kept, kept.spans.get(0), old.key, traces.get(old.key));
    }
    heldSpans -= old.spans();
    stored -= old.spans();
    traceBytes -= old.weight();
    old.first.begun--;
    dropEmptied();
  }

  private static Export export(Block block, int place) {
    try {
      return Export.ofKept(block, place);
    } catch (MalformedSpansException checkedWhenItCame) {
      throw new IllegalStateException(checkedWhenItCame);
    }
  }

  private void gone(HeldTrace trace) {
    heldSpans -= trace.spans();
    traceBytes -= trace.weight();
    evictedTraces++;
    evictedSpans += trace.spans();
    trace.first.begun--;
    dropEmptied();
  }

  /** The last block stays, as it still grows. */
  private void dropEmptied() {
    while (blocks.size() > 1 && blocks.get(0).begun == 0) {
      Block gone = blocks.remove(0);
      sealedBytes -= gone.weight();
      if (config.directory().isPresent()) {
        dropped.add(gone.number);
      }
      for (TraceStore.Operation operation : gone.operations) {
        operations.computeIfPresent(operation, (key, count) -> count == 1 ? null : count - 1);
      }
    }
  }
}
