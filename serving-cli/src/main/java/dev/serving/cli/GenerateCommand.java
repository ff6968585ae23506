package dev.serving.cli;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.engine.Generator;
import dev.serving.core.engine.Generator.Generation;
import dev.serving.core.message.ProcessUsage;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.model.kernel.KernelJvm;
import dev.serving.core.model.text.ChatPrompt;
import dev.serving.core.model.text.IncrementalDetokenizer;
import dev.serving.core.model.text.Tokenizer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Generates text for one prompt, in a JVM that is fit for weights, and says how fast. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG},
    sortOptions = false,
    description = "Load a model, generate text for one prompt, and print speed and memory.")
final class GenerateCommand implements Callable<Integer> {
  private static final double MIB = 1 << 20;

  @Option(
      names = "--prompt",
      required = true,
      paramLabel = "TEXT",
      description = "What to go on from; a user's message unless --raw.")
  private String prompt;

  @Option(names = "--raw", description = "Do not put the prompt into the model's chat template.")
  private boolean raw;

  @Option(
      names = "--max-tokens",
      defaultValue = "128",
      paramLabel = "N",
      description = "Most tokens to generate (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(
      names = "--temperature",
      defaultValue = "0",
      description = "0 is greedy (default: ${DEFAULT-VALUE}).")
  private float temperature;

  @Option(names = "--seed", description = "Same seed, same text, at a temperature above 0.")
  private Long seed;

  @Mixin private ModelOptions model;

  @Spec private CommandSpec spec;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    Numbers.atLeast(1, "--max-tokens", maxTokens);
    Numbers.temperature(temperature);
    if (!KernelJvm.isThis()) {
      List<String> typed = spec.root().commandLine().getParseResult().originalArgs();
      return KernelProcess.run(typed, spec.commandLine().getErr());
    }
    EngineConfig engine = model.engine(1);
    if (engine.tensorParallel() > 1) {
      throw new IllegalArgumentException(
          "generate runs one rank; leave out --tensor-parallel-size, or use 'serving serve'");
    }
    Path directory = engine.worker().model();
    try (Tokenizer tokenizer = Tokenizer.open(directory)) {
      generate(engine, tokenizer, promptTokens(directory, tokenizer));
    }
    return 0;
  }

  private void generate(EngineConfig engine, Tokenizer tokenizer, int[] promptTokens) {
    try (Generator generator = Generator.open(engine.worker())) {
      IncrementalDetokenizer text = new IncrementalDetokenizer(tokenizer);
      Generation done =
          generator.generate(promptTokens, sampling(), token -> print(text.push(token)));
      print(text.flush());
      report(generator, done);
    }
  }

  private int[] promptTokens(Path directory, Tokenizer tokenizer) {
    if (raw) {
      return tokenizer.encodePrompt(prompt, true, true);
    }
    try {
      return ChatPrompt.open(directory, tokenizer)
          .render(List.of(Map.of("role", "user", "content", prompt)), null, true, Map.of());
    } catch (IllegalStateException e) {
      throw new UsageException(
          "--raw",
          "this model has no chat template; give --raw, or add chat_template.jinja to " + directory,
          e);
    }
  }

  private SamplingParams sampling() {
    return SamplingParams.greedy(maxTokens).withTemperature(temperature).withSeed(seed);
  }

  private void print(String text) {
    out.print(text);
    out.flush();
  }

  private void report(Generator generator, Generation done) {
    out.println();
    out.println();
    out.printf(
        "%d prompt tokens, %d generated (%s)%n",
        done.promptTokens(), done.outputTokens(), done.finish().name().toLowerCase(Locale.ROOT));
    out.printf("time to first token  %.1f ms%n", done.firstTokenNs() / 1e6);
    out.printf("decode               %.1f tokens/s%n", done.tokensPerSecond());
    out.printf(
        "weights              %.1f MiB, loaded and warm in %d ms%n",
        generator.weightBytes() / MIB, generator.loadMillis());
    out.printf("KV cache             room for %d tokens%n", generator.roomForTokens());
    out.printf("resident memory      %.1f MiB%n", ProcessUsage.now().residentBytes() / MIB);
  }
}
