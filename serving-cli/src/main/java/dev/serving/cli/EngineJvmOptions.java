package dev.serving.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.serving.cli.HelpGroup.Topic;
import dev.serving.core.config.EngineConfig;
import dev.serving.core.model.Checkpoint;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How the JVMs of engines and ranks are started. */
@HelpGroup(Topic.PROCESSES)
final class EngineJvmOptions {
  /** The option that says how large their heaps are. */
  static final String HEAP = "--engine-heap";

  private static final String UNITS = "kmgt";
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,15})([" + UNITS + "]?)");

  /** What an engine's heap holds beside its model, at the least. */
  private static final long BESIDE_THE_MODEL = 64 << 20;

  @Option(
      names = HEAP,
      paramLabel = "SIZE",
      description = "Heap of each engine and rank, such as 8g (default: a quarter of the memory).")
  private String heap;

  /**
   * Options for {@code java}, after a look at what can be known before one starts.
   *
   * @throws UsageException when no engine could run this model so
   */
  List<String> list(Checkpoint model, EngineConfig engine) {
    if (heap == null) {
      return List.of();
    }
    long weights = model.leastBytes(engine.worker().weights(), engine.tensorParallel());
    check(bytes(), weights + engine.worker().cache().bytes());
    return List.of("-Xmx" + heap);
  }

  private void check(long bytes, long known) {
    long memory = memory();
    if (bytes > memory) {
      throw new UsageException(
          HEAP,
          "--engine-heap %s is more than this machine has, %d MB".formatted(heap, memory >> 20));
    }
    long least = known + BESIDE_THE_MODEL;
    if (bytes < least) {
      throw new UsageException(
          HEAP,
          "--engine-heap %s cannot hold this model and its KV cache: it needs at least %d MB"
              .formatted(heap, (least >> 20) + 1));
    }
  }

  private long bytes() {
    Matcher size = SIZE.matcher(heap.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new IllegalArgumentException(
          "--engine-heap must be a number with k, m, g or t behind it, such as 8g; was " + heap);
    }
    int shift = 10 * (1 + UNITS.indexOf(size.group(2).isEmpty() ? "?" : size.group(2)));
    long number = Long.parseLong(size.group(1));
    return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
  }

  private static long memory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
