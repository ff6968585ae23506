package dev.serving.cli.load;

import static java.util.stream.Collectors.joining;

import dev.serving.cli.load.Outcome.Ending;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Results as a page that needs nothing else: tables, and plots of latency over time. */
public final class ReportPage {
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Load: %1$s</title>
      <style>
      :root { color-scheme: light dark; --a: #2463c2; --b: #b4500f; --bad: #b3261e; }
      @media (prefers-color-scheme: dark) { :root { --a: #8ab4f8; --b: #f2a65a; --bad: #f2857c; } }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      pre { overflow-x: auto; }
      svg { width: 100%%; height: auto; }
      svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
      .axis { stroke: currentColor; stroke-opacity: .25; }
      .a { fill: var(--a); fill-opacity: .5; } .b { fill: var(--b); fill-opacity: .5; }
      .bad { fill: var(--bad); }
      .line { fill: none; stroke: var(--a); stroke-width: 1.5; }
      </style>
      </head>
      <body>
      <h1>Load: %1$s</h1>
      %2$s
      </body>
      </html>
      """;
  private static final String SECTION =
      """
      <h2>%s</h2>
      <pre>%s</pre>
      %s
      """;

  private ReportPage() {}

  /** The page. */
  public static String of(List<LoadResult> results) {
    String title =
        results.stream().map(result -> result.target().base().toString()).collect(joining(", "));
    return PAGE.formatted(
        Plot.escaped(title), results.stream().map(ReportPage::section).collect(joining()));
  }

  private static String section(LoadResult result) {
    return SECTION.formatted(
        Plot.escaped(
            result.target().base()
                + ", "
                + result.target().model()
                + (result.isPartial() ? " (partial)" : "")),
        Plot.escaped(ReportText.of(result)),
        plots(result.dots()) + tokens(result.tokensBySecond()));
  }

  private static String plots(List<Dot> dots) {
    return new Plot("Time to first token (ms) over the time when a request was to begin (s)")
            .dots("a", points(dots, dot -> true, Dot::firstTokenMillis))
            .svg()
        + new Plot("End-to-end latency (ms); failed and cancelled requests in red")
            .dots("b", points(dots, dot -> dot.ending() == Ending.ANSWERED, Dot::totalMillis))
            .dots("bad", points(dots, dot -> dot.ending() != Ending.ANSWERED, Dot::totalMillis))
            .svg();
  }

  private static List<Plot.Point> points(
      List<Dot> dots, Predicate<Dot> which, ToDoubleFunction<Dot> value) {
    return dots.stream()
        .filter(which)
        .map(dot -> new Plot.Point(dot.seconds(), value.applyAsDouble(dot)))
        .filter(point -> !Double.isNaN(point.y()))
        .toList();
  }

  private static String tokens(Map<Long, Integer> bySecond) {
    long last = bySecond.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    Stream<Plot.Point> line =
        IntStream.rangeClosed(0, (int) last)
            .mapToObj(s -> new Plot.Point(s, bySecond.getOrDefault((long) s, 0)));
    return new Plot("Pieces of text in each second").line(line.toList()).svg();
  }
}
