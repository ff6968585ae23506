package dev.serving.bench.figures;

import java.util.ArrayList;
import java.util.List;

/**
 * A benchmark that a document quotes.
 *
 * @param name how it is called here
 * @param figure what it measures
 * @param comparedWith what its figures are to be seen beside
 * @param jvm options of its JVM
 * @param main its class, of {@code dev.serving.bench}
 * @param arguments of its command line
 * @param quickArguments of a first look
 */
record QuotedBenchmark(
    String name,
    String figure,
    String comparedWith,
    List<String> jvm,
    String main,
    List<String> arguments,
    List<String> quickArguments) {
  private static final String JAR = "serving-bench/target/serving-bench.jar";
  private static final List<String> NONE = List.of();

  /** All of them, the short ones first. */
  static final List<QuotedBenchmark> ALL =
      List.of(
          of("restart", "outage when an engine is killed", "its model load, goal 1 s more")
              .runs("server.RestartBench", "8")
              .shortly("3"),
          of("start", "from typing serve to the first token", "goals 2 s, --version 0.4 s")
              .runs("server.StartBench", "7")
              .shortly("3"),
          of("ledger", "cost of noting a step for blame", "goal 60 ns a part, 0 bytes")
              .runs("blame.LedgerCost"),
          of("export", "spans exported a second, processor time", "goals in the table")
              .runsWith(List.of("-Xmx2g"), "trace.PipelineBench", "throughput"),
          of("silence", "what a receiver that never answers changes", "the same without it")
              .runs("trace.PipelineBench", "silence"),
          of("outage", "spans lost when the receiver stops for 10 s", "none lost")
              .runs("trace.PipelineBench", "outage"),
          of("share", "what knowing why takes of a busy server", "all its processes' time")
              .runs("server.BlameShare", "40")
              .shortly("10"),
          of("frontend", "processor time of the frontend for a token", "goal 20 us")
              .runs("server.FrontendCost", "3")
              .shortly("1"),
          of(
                  "throughput",
                  "what knowing why takes of throughput",
                  "the same server without; goal 0.995")
              .runs("server.BlameThroughput", "180")
              .shortly("30"),
          of("replay", "is 'alone it would have taken' true", "goals median 10 %, p95 25 %")
              .runs("blame.ReplayBench", "200", "5")
              .shortly("24"),
          of("siege", "what good clients feel while others attack", "the same without attack")
              .runs("server.SiegeBench", "30")
              .shortly("10"),
          of("store", "the viewer's store: spans a second, bytes a span", "Jaeger's memory store")
              .runsWith(List.of("-Xmx600m"), "viewer.StoreBench", "--runs", "3")
              .shortly("--runs", "1"),
          of("ranks", "cost of splitting a model over two ranks", "one rank")
              .runs("server.TensorParallelCost", "7")
              .shortly("3"),
          of("kernels", "products of a batch with weights", "multiply-adds alone, memory alone")
              .runsWith(
                  List.of("-Xmx3g", "--add-modules", "jdk.incubator.vector"), "model.KernelBench"),
          of("model", "tokens a second, load time", "what the memory gives; llama.cpp by hand")
              .runsWith(
                  List.of("-Xmx6g", "--add-modules", "jdk.incubator.vector"),
                  "model.ModelBenchmark",
                  "--rounds",
                  "5")
              .shortly("--rounds", "1"),
          of("injury", "do why's top cause and culprit hit", "goals 95 % and 90 %")
              .runs("blame.InjuryBench", "15")
              .shortly("3"),
          of("slice", "cost of a slice: off and on", "the empty loop, a raw OpenTelemetry SDK")
              .runs("trace.SliceCost")
              .shortly("--quick"),
          of("tracing", "throughput at each trace level", "off; goals 0.99, 0.99, 0.98")
              .runs("server.TracingCost", "--seconds", "100")
              .shortly("--seconds", "20"));

  private static QuotedBenchmark of(String name, String figure, String comparedWith) {
    return new QuotedBenchmark(name, figure, comparedWith, NONE, "", NONE, NONE);
  }

  private QuotedBenchmark runs(String mainClass, String... words) {
    return runsWith(NONE, mainClass, words);
  }

  private QuotedBenchmark runsWith(List<String> options, String mainClass, String... words) {
    List<String> arguments = List.of(words);
    return new QuotedBenchmark(
        name,
        figure,
        comparedWith,
        options,
        "dev.serving.bench." + mainClass,
        arguments,
        arguments);
  }

  private QuotedBenchmark shortly(String... words) {
    return new QuotedBenchmark(name, figure, comparedWith, jvm, main, arguments, List.of(words));
  }

  /** The same, as short as it can be. */
  QuotedBenchmark quick() {
    return new QuotedBenchmark(
        name, figure, comparedWith, jvm, main, quickArguments, quickArguments);
  }

  /** What somebody types to run it, after {@code java}. */
  List<String> words() {
    List<String> words = new ArrayList<>(jvm);
    words.addAll(List.of("-cp", JAR, main));
    words.addAll(arguments);
    return words;
  }
}
