package dev.serving.cli.soak;

import dev.serving.cli.load.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a soak has shown: what was done, and whether all is as it should be. */
public final class SoakReport {
  /** Every request that a server has ended, by how. */
  static final String FINISHED = "serving_requests_finished_total";

  /** What is 0 where nothing goes on, and what an operator calls it. */
  static final Map<String, String> IDLE = new LinkedHashMap<>();

  static {
    IDLE.put("serving_requests_open", "requests open");
    IDLE.put("serving_requests_running", "sequences that run");
    IDLE.put("serving_requests_waiting", "sequences that wait");
    IDLE.put("serving_requests_paused", "sequences whose clients do not read");
    IDLE.put("serving_engine_open_requests", "requests that the engine has");
    IDLE.put("serving_kv_blocks_used", "KV blocks in use");
    IDLE.put("serving_preprocess_waiting", "requests that wait to become tokens");
    IDLE.put("serving_spans_in_flight", "spans on their way");
  }

  private static final double HEAP_GROWTH = 16;
  private static final double FILES_GROWTH = 8;
  private static final double THREADS_GROWTH = 8;
  private static final double MEGABYTE = 1 << 20;
  private static final int MOST_SAID = 5;

  private final List<String> done = new ArrayList<>();
  private final Map<String, List<Check>> checks = new LinkedHashMap<>();
  private String endedEarly = "";
  private int badSent;

  private void check(String topic, Check check) {
    checks.computeIfAbsent(topic, t -> new ArrayList<>()).add(check);
  }

  /** What was done to it, and what bad requests were told. */
  void happened(LoadResult load, Trouble trouble, BadRequests bad, Balance balance) {
    done("load", loaded(load));
    load.errors().forEach((error, times) -> done("", times + " × " + error));
    done("wrong requests", words(bad.answers()));
    done("trouble", words(trouble.done()));
    done("spans", balance.words());
    badSent = bad.answers().values().stream().mapToInt(Integer::intValue).sum();
  }

  private static String loaded(LoadResult load) {
    return "%d requests answered, %d failed, %d left by their client, in %.0f s"
        .formatted(load.completed(), load.failed(), load.cancelled(), load.seconds());
  }

  private void done(String what, String words) {
    done.add("  %-15s %s".formatted(what, words));
  }

  private static String words(Map<?, Integer> counts) {
    List<String> words = new ArrayList<>();
    counts.forEach(
        (what, times) ->
            words.add(times + " × " + what.toString().toLowerCase(Locale.ROOT).replace('_', ' ')));
    return words.isEmpty() ? "none" : String.join(", ", words);
  }

  /** It was ended before its time: nothing was looked at. */
  void endedEarly() {
    endedEarly = "PARTIAL: ended before its time; what is left was not looked at";
  }

  /** What came came as it should: trouble of each kind, and an answer to each wrong request. */
  void heard(Trouble trouble, BadRequests bad) {
    Set<Trouble.Kind> missing = EnumSet.allOf(Trouble.Kind.class);
    missing.removeAll(trouble.done().keySet());
    check("Trouble", Check.none("kinds of trouble that never came", missing));
    check(
        "Trouble",
        Check.none(
            "trouble that could not be made",
            trouble.failure().isEmpty() ? List.of() : List.of(trouble.failure())));
    Set<String> unheard = new TreeSet<>(bad.answers().keySet());
    unheard.removeIf(answer -> answer.startsWith("http 4") || answer.equals("http 503"));
    check("Requests", Check.none("wrong requests answered wrongly", unheard));
  }

  /**
   * The server has come back from each trouble.
   *
   * @param ready whether it says so
   * @param asked requests that it then got
   * @param answered of these, those that it answered
   */
  void recovered(Scrape scrape, int kills, boolean ready, int asked, int answered) {
    double restarts = scrape.sum("serving_engine_restarts_total");
    check("Trouble", Check.equal("engines started anew, of kills", restarts, kills));
    check("Trouble", new Check("ready at the end", ready ? "yes" : "no", ready));
    check("Trouble", Check.equal("answers at the end, of " + asked, answered, asked));
  }

  /**
   * Each request of a client has one end at the server, and the client has heard of it.
   *
   * @param more requests beside those of the load
   */
  void endings(LoadResult load, int more, double finished) {
    int sent = load.completed() + load.failed() + load.cancelled() + badSent + more;
    check("Requests", Check.equal("requests ended, of those sent", finished, sent));
    check("Requests", Check.none("failures without a reason", unexplained(load.errors().keySet())));
  }

  /** A killed engine's requests are told so, in the stream or by a status. */
  private static List<String> unexplained(Set<String> errors) {
    return errors.stream()
        .filter(error -> !error.matches("http 50[03]: .*([Ee]ngine|rank) .*"))
        .filter(error -> !error.startsWith("in the stream: "))
        .toList();
  }

  /** Each request by its id, as the server's log has it. */
  void logged(Endings endings, double finished) {
    check("Requests", Check.equal("ends in the log, by id", endings.ended().size(), finished));
    check("Requests", Check.none("requests that ended twice", few(endings.twice())));
    check("Requests", Check.none("requests that never ended", few(endings.never())));
  }

  private static List<String> few(Set<String> all) {
    return all.stream().limit(MOST_SAID).toList();
  }

  /** No span is lost without a word. */
  void spans(Balance balance, long taken) {
    check("Spans", balance.check());
    check("Spans", Check.atLeast("spans that the receiver took", taken, balance.delivered()));
  }

  /** Nothing goes on any more. */
  void idle(Scrape scrape) {
    IDLE.forEach((family, name) -> check("Left", Check.equal(name, scrape.sum(family), 0)));
    scrape
        .byLabels("serving_spans_dropped_total")
        .forEach(
            (labels, spans) -> {
              if (spans > 0) {
                done("spans dropped", labels + " " + spans.longValue());
              }
            });
  }

  /** What the processes hold is what they held before. */
  void grown(Footprint first, Footprint last) {
    if (last.heapBytes().isEmpty()) {
      done("heap", "not looked at: without a JDK's jcmd it is full of garbage");
    }
    Stream.of(
            heaps(first, last),
            flat("sockets of %s", first.sockets(), last.sockets(), FILES_GROWTH),
            flat("files of %s", first.files(), last.files(), FILES_GROWTH),
            flat("threads of %s", first.threads(), last.threads(), THREADS_GROWTH))
        .flatMap(List::stream)
        .forEach(check -> check("Left", check));
    check("Left", Check.none("processes that are missing", missing(first, last)));
  }

  /** Whether a process has more in its heap than {@link #grown} allows. */
  static boolean heapHasGrown(Footprint first, Footprint last) {
    return heaps(first, last).stream().anyMatch(check -> !check.passed());
  }

  private static List<Check> heaps(Footprint first, Footprint last) {
    return flat(
        "heap of %s (MB)", megabytes(first.heapBytes()), megabytes(last.heapBytes()), HEAP_GROWTH);
  }

  private static Map<String, Double> megabytes(Map<String, Double> bytes) {
    Map<String, Double> megabytes = new LinkedHashMap<>(bytes);
    megabytes.replaceAll((process, all) -> all / MEGABYTE);
    return megabytes;
  }

  private static Set<String> missing(Footprint first, Footprint last) {
    Set<String> missing = new TreeSet<>(first.threads().keySet());
    missing.removeAll(last.threads().keySet());
    return missing;
  }

  private static List<Check> flat(
      String name, Map<String, Double> first, Map<String, Double> last, double allowed) {
    List<Check> checks = new ArrayList<>();
    last.forEach(
        (role, count) ->
            checks.add(
                Check.flat(name.formatted(role), first.getOrDefault(role, 0.0), count, allowed)));
    return checks;
  }

  /** It has ended as it should, with all it had. */
  void ended(SoakServer server) throws IOException, InterruptedException {
    List<ProcessHandle> processes = server.processes().toList();
    Optional<Path> run = server.runDirectory();
    Optional<Integer> exitCode = server.terminate();
    List<Long> alive =
        processes.stream().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).toList();
    check(
        "End",
        new Check(
            "exit code after SIGTERM",
            exitCode.map(String::valueOf).orElse("none: killed"),
            exitCode.equals(Optional.of(0))));
    check("End", Check.none("processes left", alive));
    check("End", Check.none("files left", run.filter(Files::exists).stream().toList()));
  }

  /** Whether all was looked at, and was as it should be. */
  public boolean passed() {
    return endedEarly.isEmpty() && failed() == 0;
  }

  private long failed() {
    return all().stream().filter(check -> !check.passed()).count();
  }

  private List<Check> all() {
    return checks.values().stream().flatMap(List::stream).toList();
  }

  private String verdict() {
    if (!endedEarly.isEmpty()) {
      return endedEarly;
    }
    return failed() == 0
        ? "Passed: all " + all().size() + " checks"
        : "FAILED: " + failed() + " of " + all().size() + " checks";
  }

  /** All of it, each line with its end. */
  public String text() {
    List<String> lines = new ArrayList<>(List.of("What was done"));
    lines.addAll(done);
    checks.forEach(
        (topic, some) -> {
          lines.add("");
          lines.add(topic);
          some.forEach(check -> lines.add(check.line()));
        });
    lines.add("");
    lines.add(verdict());
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }
}
