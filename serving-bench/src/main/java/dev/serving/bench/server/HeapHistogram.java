package dev.serving.bench.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What lives in a process' heap, by classes. To take one collects garbage first.
 *
 * @param bytes of all objects of each class
 */
record HeapHistogram(Map<String, Long> bytes) {
  private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");

  /** Takes one of a JVM of the same user. */
  static HeapHistogram of(long pid) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return parse(text);
  }

  /** Of what {@code jcmd} prints. */
  static HeapHistogram parse(String text) {
    Map<String, Long> bytes = new HashMap<>();
    for (String line : text.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        bytes.merge(matcher.group(2), Long.parseLong(matcher.group(1)), Long::sum);
      }
    }
    if (bytes.isEmpty()) {
      throw new IllegalStateException("no histogram: " + text);
    }
    return new HeapHistogram(bytes);
  }

  long total() {
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The classes that grew most since an earlier one, as lines for people. */
  List<String> grownSince(HeapHistogram before, int count) {
    return bytes.keySet().stream()
        .sorted((a, b) -> Long.compare(growth(b, before), growth(a, before)))
        .limit(count)
        .map(name -> "%+,12d bytes of %s".formatted(growth(name, before), name))
        .toList();
  }

  private long growth(String name, HeapHistogram before) {
    return bytes.get(name) - before.bytes.getOrDefault(name, 0L);
  }
}
