package dev.serving.bench.blame;

import dev.serving.bench.blame.BlameClient.Times;
import dev.serving.bench.blame.ReplayBench.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Tells by how much what was said of requests was off, of all, and of some kinds of them. */
final class ReplayTable {
  private static final int LONG_PROMPT = 200;
  private static final int LONG_ANSWER = 38;
  private static final Path EACH = Path.of("target", "replay.csv");
  private static final String HEAD = " median    p95  its median";

  private static final List<Figure> FIGURES =
      List.of(
          new Figure("time to first token", Times::firstAloneNs, Times::firstNs),
          new Figure("mean time of a token", t -> t.perToken(true), t -> t.perToken(false)),
          new Figure("whole request", Times::aloneNs, Times::ns));

  private final List<Replay> all;

  ReplayTable(List<Replay> all) {
    this.all = all;
  }

  /** What is looked at: what was said of it, and what it was. */
  private record Figure(String name, ToDoubleFunction<Times> said, ToDoubleFunction<Times> is) {
    double truth(Replay one) {
      return median(one.further().stream().mapToDouble(is).toArray());
    }

    double saidOff(Replay one) {
      return said.applyAsDouble(one.crowded()) / truth(one) - 1;
    }

    double onceOff(Replay one) {
      return is.applyAsDouble(one.once()) / truth(one) - 1;
    }

    double slower(Replay one) {
      return is.applyAsDouble(one.crowded()) / truth(one);
    }
  }

  /** Prints it, and writes a line of each request into {@code target/replay.csv}. */
  void print() throws IOException {
    System.out.printf(
        "%-21s %-14s %5s %7s   %-26s %s%n",
        "", "", "", "crowded", "said is off", "one lone run is off");
    System.out.printf("%-21s %-14s %5s %7s   %s %s%n", "", "of", "", "slower", HEAD, HEAD);
    for (Figure figure : FIGURES) {
      line(figure, "all", one -> true);
    }
    System.out.println();
    for (Figure figure : FIGURES) {
      line(figure, "short prompts", one -> one.asked().prompt().size() < LONG_PROMPT);
      line(figure, "long prompts", one -> one.asked().prompt().size() >= LONG_PROMPT);
      line(figure, "short answers", one -> one.asked().tokens() < LONG_ANSWER);
      line(figure, "long answers", one -> one.asked().tokens() >= LONG_ANSWER);
    }
    causes();
    write();
  }

  private void line(Figure figure, String kind, Predicate<Replay> which) {
    List<Replay> some = all.stream().filter(which).toList();
    if (!some.isEmpty()) {
      System.out.printf(
          Locale.ROOT,
          "%-21s %-14s %5d %5.1f x   %s %s%n",
          figure.name(),
          kind,
          some.size(),
          median(some.stream().mapToDouble(figure::slower).toArray()),
          errors(some.stream().mapToDouble(figure::saidOff).toArray()),
          errors(some.stream().mapToDouble(figure::onceOff).toArray()));
    }
  }

  private static String errors(double[] off) {
    double[] errors = Arrays.stream(off).map(Math::abs).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "%5.1f %% %5.1f %%    %+5.1f %% ",
        100 * errors[errors.length / 2],
        100 * errors[errors.length * 95 / 100],
        100 * median(off));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private void causes() {
    Map<String, Double> busy = means(all.stream().map(Replay::crowded).toList());
    Map<String, Double> quiet = means(all.stream().map(Replay::once).toList());
    System.out.printf("%n%-18s %12s %12s   mean us of a request%n", "cause", "crowded", "alone");
    busy.forEach(
        (cause, ns) ->
            System.out.printf(
                Locale.ROOT,
                "%-18s %12.1f %12.1f%n",
                cause,
                ns / 1e3,
                quiet.getOrDefault(cause, 0.0) / 1e3));
  }

  private static Map<String, Double> means(List<Times> times) {
    Map<String, Double> means = new TreeMap<>();
    for (Times t : times) {
      t.causes()
          .forEach((cause, ns) -> means.merge(cause, (double) ns / times.size(), Double::sum));
    }
    return means;
  }

  private void write() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "prompt,tokens,said_first,said_whole,crowd_first,crowd_whole,lone_firsts,lone_wholes");
    for (Replay one : all) {
      List<Times> lone = new ArrayList<>(List.of(one.once()));
      lone.addAll(one.further());
      lines.add(
          String.join(
              ",",
              Integer.toString(one.asked().prompt().size()),
              Integer.toString(one.asked().tokens()),
              Long.toString(one.crowded().firstAloneNs()),
              Long.toString(one.crowded().aloneNs()),
              Long.toString(one.crowded().firstNs()),
              Long.toString(one.crowded().ns()),
              spaced(lone, Times::firstNs),
              spaced(lone, Times::ns)));
    }
    Files.createDirectories(EACH.getParent());
    Files.write(EACH, lines);
  }

  private static String spaced(List<Times> times, ToDoubleFunction<Times> what) {
    return String.join(
        " ", times.stream().map(t -> Long.toString((long) what.applyAsDouble(t))).toList());
  }
}
