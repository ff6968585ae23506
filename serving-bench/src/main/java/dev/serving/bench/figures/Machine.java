package dev.serving.bench.figures;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a figure was measured on. */
final class Machine {
  private static final Path CPU = Path.of("/proc/cpuinfo");
  private static final Path MEMORY = Path.of("/proc/meminfo");

  private Machine() {}

  /** Processor, cores, memory, Java, and how busy it was before. */
  static String now() throws IOException {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %s, Java %s, load %.1f before",
        cpu(),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        System.getProperty("java.version"),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String cpu() throws IOException {
    return field(CPU, "model name", System.getProperty("os.arch"));
  }

  private static String memory() throws IOException {
    String kilobytes = field(MEMORY, "MemTotal", "0").replaceAll("\\D", "");
    return (Long.parseLong(kilobytes) >> 20) + " GB";
  }

  private static String field(Path file, String name, String otherwise) throws IOException {
    if (!Files.exists(file)) {
      return otherwise;
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(otherwise);
  }
}
