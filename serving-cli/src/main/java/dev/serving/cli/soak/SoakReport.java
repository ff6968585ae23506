package dev.serving.cli.soak;

import dev.serving.cli.load.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a soak has shown: what happened, and whether all is as it should be. */
public final class SoakReport {
  /** Every request that a server has ended, by how. */
  static final String FINISHED = "serving_requests_finished_total";

  /** What is 0 where nothing goes on. */
  static final List<String> IDLE =
      List.of(
          "serving_requests_open",
          "serving_requests_running",
          "serving_requests_waiting",
          "serving_engine_open_requests",
          "serving_kv_blocks_used",
          "serving_preprocess_waiting",
          "serving_spans_in_flight");

  private static final double HEAP_GROWTH = 16;
  private static final double FILES_GROWTH = 8;
  private static final double THREADS_GROWTH = 8;
  private static final double MEGABYTE = 1 << 20;

  private final List<String> happened = new ArrayList<>();
  private final List<Check> checks = new ArrayList<>();
  private int badSent;

  /** What was done to it, and what bad requests were told. */
  void happened(Trouble trouble, BadRequests bad, Balance balance) {
    happened.add("trouble       " + words(trouble.done()));
    happened.add("bad requests  " + words(bad.answers()));
    badSent = bad.answers().values().stream().mapToInt(Integer::intValue).sum();
    Set<String> unheard = new TreeSet<>(bad.answers().keySet());
    unheard.removeIf(answer -> answer.startsWith("http 4") || answer.equals("http 503"));
    checks.add(Check.none("bad requests answered wrongly", unheard));
    checks.add(
        Check.none(
            "trouble that could not be made",
            trouble.failure().isEmpty() ? List.of() : List.of(trouble.failure())));
    checks.add(balance.check());
  }

  private static String words(Map<?, Integer> counts) {
    List<String> words = new ArrayList<>();
    counts.forEach(
        (what, times) ->
            words.add(times + " × " + what.toString().toLowerCase(Locale.ROOT).replace('_', ' ')));
    return String.join(", ", words);
  }

  /** Each request of a client has one end at the server, and the client has heard of it. */
  void endings(LoadResult load, double finished) {
    happened.add(
        "requests      %d answered, %d failed, %d cancelled in %.0f s"
            .formatted(load.completed(), load.failed(), load.cancelled(), load.seconds()));
    load.errors().forEach((error, times) -> happened.add("              " + times + " × " + error));
    int sent = load.completed() + load.failed() + load.cancelled() + badSent;
    checks.add(Check.equal("requests ended, of those sent", finished, sent));
    checks.add(Check.none("failures without a reason", unexplained(load.errors().keySet())));
  }

  /** A killed engine's requests are told so, in the stream or by a status. */
  private static List<String> unexplained(Set<String> errors) {
    return errors.stream()
        .filter(error -> !error.matches("http 50[03]: .*([Ee]ngine|rank) .*"))
        .filter(error -> !error.startsWith("in the stream: "))
        .toList();
  }

  /** Nothing goes on any more. */
  void idle(Scrape scrape) {
    IDLE.forEach(family -> checks.add(Check.equal(family, scrape.sum(family), 0)));
    scrape
        .byLabels("serving_spans_dropped_total")
        .forEach(
            (labels, spans) -> {
              if (spans > 0) {
                happened.add("spans dropped " + labels + " " + spans.longValue());
              }
            });
  }

  /** What the processes hold is what they held before. */
  void grown(Footprint first, Footprint last) {
    last.heapBytes()
        .forEach(
            (process, bytes) ->
                checks.add(
                    Check.flat(
                        "heap of " + process + " (MB)",
                        first.heapBytes().getOrDefault(process, 0.0) / MEGABYTE,
                        bytes / MEGABYTE,
                        HEAP_GROWTH)));
    flat("files of ", first.files(), last.files(), FILES_GROWTH);
    flat("threads of ", first.threads(), last.threads(), THREADS_GROWTH);
  }

  private void flat(
      String name, Map<String, Double> first, Map<String, Double> last, double allowed) {
    last.forEach(
        (role, count) ->
            checks.add(Check.flat(name + role, first.getOrDefault(role, 0.0), count, allowed)));
  }

  /** It has ended as it should, with all it had. */
  void ended(SoakServer server) throws IOException, InterruptedException {
    List<ProcessHandle> processes = server.processes().toList();
    Optional<Path> run = server.runDirectory();
    Optional<Integer> exitCode = server.terminate();
    List<Long> alive =
        processes.stream().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).toList();
    checks.add(
        new Check(
            "exit code after SIGTERM",
            exitCode.map(String::valueOf).orElse("none: killed"),
            exitCode.equals(Optional.of(0))));
    checks.add(Check.none("processes left", alive));
    checks.add(Check.none("files left", run.filter(Files::exists).stream().toList()));
  }

  /** Whether all was as it should be. */
  public boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }

  /** All of it, each line with its end. */
  public String text() {
    List<String> lines = new ArrayList<>(happened);
    lines.add("");
    checks.forEach(check -> lines.add(check.line()));
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }
}
