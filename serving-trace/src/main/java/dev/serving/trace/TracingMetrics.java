package dev.serving.trace;

import dev.serving.trace.export.ExportFault;
import dev.serving.trace.export.ExportListener;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What tracing says about itself, as plain numbers that any metrics library can poll. All of them
 * count from the start of the process's tracing. For any thread; reading costs about a microsecond.
 */
public final class TracingMetrics {
  private static final int TRIES = 100;

  private final LongAdder delivered = new LongAdder();
  private final Map<DropReason, LongAdder> refused = adders();
  private final Map<DropReason, LongAdder> lost = adders();
  private final LongAdder requests = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();
  private final FaultLog faults;
  private volatile LongSupplier accepted = () -> 0;
  private volatile LongSupplier queuedBytes = () -> 0;

  TracingMetrics() {
    this(new FaultLog());
  }

  TracingMetrics(FaultLog faults) {
    this.faults = faults;
  }

  /** All counts of spans, of one moment. */
  public SpanBalance balance() {
    // Nothing may leave while the entries are counted, or what is inside would seem to be more.
    for (int i = 1; ; i++) {
      Map<DropReason, Long> left = sums(lost);
      long nowDelivered = delivered.sum();
      long inside = accepted.getAsLong();
      if (i == TRIES || (nowDelivered == delivered.sum() && left.equals(sums(lost)))) {
        return balance(inside, nowDelivered, left);
      }
    }
  }

  private SpanBalance balance(long inside, long nowDelivered, Map<DropReason, Long> left) {
    Map<DropReason, Long> dropped = sums(refused);
    long made = inside + sum(dropped);
    left.forEach((reason, spans) -> dropped.merge(reason, spans, Long::sum));
    return new SpanBalance(made, nowDelivered, dropped, inside - nowDelivered - sum(left));
  }

  /** Spans handed to the pipeline. */
  public long made() {
    return balance().made();
  }

  /** Spans that the receiver has accepted. */
  public long delivered() {
    return delivered.sum();
  }

  /** Spans that were dropped for this reason. */
  public long dropped(DropReason reason) {
    return refused.get(reason).sum() + lost.get(reason).sum();
  }

  /** Spans that wait or are being sent. */
  public long inFlight() {
    return balance().inFlight();
  }

  /** Bytes of the spans that wait or are being sent, about as they would be on the wire. */
  public long queuedBytes() {
    return queuedBytes.getAsLong();
  }

  /** Requests that the receiver has answered with success. */
  public long requests() {
    return requests.sum();
  }

  /** Attempts beyond the first of a request. */
  public long retries() {
    return retries.sum();
  }

  /** Bytes of requests delivered, after compression; 0 where the exporter was given. */
  public long bytesSent() {
    return bytesSent.sum();
  }

  /** Faults of this kind. */
  public long faults(TraceFault kind) {
    return faults.count(kind);
  }

  FaultLog faultLog() {
    return faults;
  }

  /** Returns what counts for the pipeline. */
  ExportListener listener() {
    return new Counting();
  }

  private static Map<DropReason, Long> sums(Map<DropReason, LongAdder> adders) {
    Map<DropReason, Long> all = new EnumMap<>(DropReason.class);
    adders.forEach((reason, spans) -> all.put(reason, spans.sum()));
    return all;
  }

  private static long sum(Map<DropReason, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static Map<DropReason, LongAdder> adders() {
    Map<DropReason, LongAdder> all = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      all.put(reason, new LongAdder());
    }
    return all;
  }

  private final class Counting implements ExportListener {
    @Override
    public void started(LongSupplier acceptedSpans, LongSupplier bytes) {
      accepted = acceptedSpans;
      queuedBytes = bytes;
    }

    @Override
    public void refused(ExportFault reason) {
      refused.get(DropReason.of(reason)).increment();
    }

    @Override
    public void lost(ExportFault reason, long spans) {
      lost.get(DropReason.of(reason)).add(spans);
    }

    @Override
    public void delivered(long spans, long bytes) {
      delivered.add(spans);
      bytesSent.add(bytes);
      requests.increment();
    }

    @Override
    public void retried() {
      retries.increment();
    }

    @Override
    public void fault(ExportFault fault, Supplier<String> detail) {
      faults.report(TraceFault.of(fault), detail);
    }

    @Override
    public void faultOfMany(ExportFault fault, Supplier<String> detail) {
      faults.reportOneOfMany(TraceFault.of(fault), detail);
    }
  }
}
