package dev.serving.cli.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a server's processes hold, by what the process does.
 *
 * @param heapBytes used heap, after a collection; empty where none can be had
 * @param sockets open sockets, without clients' connections
 * @param files other open files
 * @param threads live threads
 */
record Footprint(
    Map<String, Double> heapBytes,
    Map<String, Double> sockets,
    Map<String, Double> files,
    Map<String, Double> threads) {
  private static final int NEWS_SECONDS = 3;

  /** Looks at a server that is idle. */
  static Footprint of(SoakServer server) throws IOException, InterruptedException {
    boolean collected = server.collectGarbage();
    TimeUnit.SECONDS.sleep(NEWS_SECONDS); // engines and ranks tell of themselves now and then
    Map<String, Double> sockets = new TreeMap<>();
    Map<String, Double> files = new TreeMap<>();
    Map<String, Double> threads = new TreeMap<>();
    for (ProcessHandle one : server.processes().toList()) {
      String role = server.role(one);
      List<String> open = server.open(one);
      double ofSockets = open.stream().filter(file -> file.startsWith("socket:")).count();
      sockets.merge(role, ofSockets, Double::sum);
      files.merge(role, open.size() - ofSockets, Double::sum);
      threads.merge(role, entries(one, "task"), Double::sum);
    }
    Scrape scrape = server.scrape();
    sockets.merge("frontend", -scrape.sum("serving_http_connections"), Double::sum);
    Map<String, Double> heap =
        collected ? scrape.byProcess("serving_process_heap_used_bytes") : Map.of();
    return new Footprint(new TreeMap<>(heap), sockets, files, threads);
  }

  private static double entries(ProcessHandle one, String of) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc", one.pid() + "", of))) {
      return entries.count();
    }
  }
}
