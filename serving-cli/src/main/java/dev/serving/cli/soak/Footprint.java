package dev.serving.cli.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a server's processes hold.
 *
 * @param heapBytes used heap by process, after a collection
 * @param files open files and sockets by what the process does, without clients' connections
 * @param threads live threads by what the process does
 */
record Footprint(
    Map<String, Double> heapBytes, Map<String, Double> files, Map<String, Double> threads) {
  private static final int NEWS_SECONDS = 3;

  /** Looks at a server that is idle. */
  static Footprint of(SoakServer server) throws IOException, InterruptedException {
    server.collectGarbage();
    TimeUnit.SECONDS.sleep(NEWS_SECONDS); // engines and ranks tell of themselves now and then
    Map<String, Double> files = new TreeMap<>();
    Map<String, Double> threads = new TreeMap<>();
    for (ProcessHandle one : server.processes().toList()) {
      String role = server.role(one);
      files.merge(role, entries(one, "fd"), Double::sum);
      threads.merge(role, entries(one, "task"), Double::sum);
    }
    Scrape scrape = server.scrape();
    files.merge("frontend", -scrape.sum("serving_http_connections"), Double::sum);
    return new Footprint(
        new TreeMap<>(scrape.byProcess("serving_process_heap_used_bytes")), files, threads);
  }

  private static double entries(ProcessHandle one, String of) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc", one.pid() + "", of))) {
      return entries.count();
    }
  }
}
