package dev.serving.trace.export;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Keeps what a pipeline tells. */
final class Heard implements ExportListener {
  private final Map<ExportFault, Integer> faults = new ConcurrentHashMap<>();

  /** What would be logged. */
  final List<String> details = new CopyOnWriteArrayList<>();

  int faults(ExportFault fault) {
    return faults.getOrDefault(fault, 0);
  }

  @Override
  public void started(LongSupplier acceptedSpans, LongSupplier queuedBytes) {}

  @Override
  public void refused(ExportFault reason) {}

  @Override
  public void lost(ExportFault reason, long spans) {}

  @Override
  public void delivered(long spans, long bytes) {}

  @Override
  public void retried() {}

  @Override
  public void fault(ExportFault fault, Supplier<String> detail) {
    details.add(detail.get());
    faults.merge(fault, 1, Integer::sum);
  }

  @Override
  public void faultOfMany(ExportFault fault, Supplier<String> detail) {
    fault(fault, detail);
  }
}
