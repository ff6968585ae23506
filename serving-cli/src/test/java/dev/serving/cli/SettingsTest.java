package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** This shows who sets an option: a flag, else a variable, else the file, else nobody. */
final class SettingsTest {
  private static final Pattern LINE = Pattern.compile("^(?:# )?([a-z-]+): ?(.*?) +# (.*)$");

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int run(Map<String, String> environment, String... words) {
    CommandLine command = ServingCommand.parserOf();
    command.getSubcommands().get("serve").setDefaultValueProvider(new Settings(environment));
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(errors, true));
    return command.execute(words);
  }

  private String printed(Map<String, String> environment, String... words) {
    String[] all =
        Stream.concat(Stream.of("serve", "--print-config"), Stream.of(words))
            .toArray(String[]::new);
    out.getBuffer().setLength(0);
    assertThat(run(environment, all)).as(errors.toString()).isZero();
    return out.toString();
  }

  /** A setting's value and who set it. */
  private String setting(String name, Map<String, String> environment, String... words) {
    return printed(environment, words)
        .lines()
        .map(LINE::matcher)
        .filter(line -> line.matches() && line.group(1).equals(name))
        .map(line -> line.group(2) + " by " + line.group(3))
        .findFirst()
        .orElseThrow();
  }

  private String file(String... lines) throws IOException {
    return Files.writeString(directory.resolve("serving.yaml"), String.join("\n", lines))
        .toString();
  }

  static Stream<OptionSpec> settings() {
    return ServingCommand.parserOf()
        .getSubcommands()
        .get("serve")
        .getCommandSpec()
        .options()
        .stream()
        .filter(Settings::isSetting)
        .filter(option -> !Settings.name(option).equals(Settings.CONFIG));
  }

  /** Something that an option of this kind may be. */
  private static String sample(OptionSpec option) {
    Class<?> type = option.type();
    if (Settings.name(option).equals("--lifecycle-log")) {
      return "json";
    }
    if (Settings.name(option).matches("--(dtype|quantization)")) {
      return "int8";
    }
    boolean number = type.isPrimitive() || Number.class.isAssignableFrom(type);
    return type == Boolean.class || type == boolean.class ? "false" : number ? "1" : "word";
  }

  @ParameterizedTest
  @MethodSource("settings")
  void eachOptionHasAVariable(OptionSpec option) {
    for (String variable : Settings.variables(option)) {
      assertThat(setting(plain(option), Map.of(variable, sample(option))))
          .endsWith("by " + variable);
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void eachOptionHasALineInTheFile(OptionSpec option) throws IOException {
    String file = file(plain(option) + ": " + sample(option));
    assertThat(setting(plain(option), Map.of(), "--config", file)).endsWith("by " + file);
  }

  private static String plain(OptionSpec option) {
    return Settings.name(option).substring(2);
  }

  @Test
  void aFlagGoesBeforeAVariableThatBeforeTheFileThatBeforeTheDefault() throws IOException {
    String file =
        file("# ours", "max_num_seqs: 3", "cors-origins: [http://a, http://b]", "threads:");
    Map<String, String> variable = Map.of("SERVING_MAX_NUM_SEQS", "4", "SERVING_CONFIG", file);
    assertThat(setting("max-num-seqs", variable, "--max-num-seqs=5"))
        .isEqualTo("5 by --max-num-seqs");
    assertThat(setting("max-num-seqs", variable)).isEqualTo("4 by SERVING_MAX_NUM_SEQS");
    assertThat(setting("max-num-seqs", Map.of("SERVING_CONFIG", file))).isEqualTo("3 by " + file);
    assertThat(setting("max-num-seqs", Map.of())).isEqualTo("32 by default");
    assertThat(setting("cors-origins", variable)).isEqualTo("[http://a, http://b] by " + file);
    assertThat(setting("threads", variable)).isEqualTo(" by default");
  }

  /** What others named goes before the file as well, and is read by tracing itself. */
  @Test
  void aVariableOfTracingsGoesBeforeTheFile() throws IOException {
    String file = file("otlp-traces-endpoint: http://file:4318", "trace-level: 1");
    Map<String, String> variable = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://me:pw@otel:4318");
    assertThat(setting("otlp-traces-endpoint", variable, "--config", file))
        .isEqualTo("http://***@otel:4318 by OTEL_EXPORTER_OTLP_ENDPOINT");
    assertThat(setting("trace-level", variable, "--config", file)).isEqualTo("'1' by " + file);
  }

  @Test
  void switchesMeanTheSameWhoeverHasSetThem() throws IOException {
    String off = file("prefix-caching: false", "trace-enable: true", "allow-forced-traces: true");
    assertThat(setting("prefix-caching", Map.of(), "--config", off)).startsWith("false");
    assertThat(setting("prefix-caching", Map.of(), "--config", off, "--prefix-caching"))
        .startsWith("true");
    assertThat(setting("prefix-caching", Map.of(), "--no-enable-prefix-caching"))
        .startsWith("false");
    assertThat(setting("trace-enable", Map.of(), "--config", off, "--no-trace-enable"))
        .startsWith("false");
    assertThat(setting("allow-forced-traces", Map.of(), "--config", off, "--allow-forced-traces"))
        .startsWith("true");
  }

  /** Kubernetes' own documentation: NAME_PORT=tcp://10.0.0.11:6379 for each service. */
  @Test
  void whatAClusterSaysOfAServiceIsNoSetting() {
    Map<String, String> cluster =
        Map.of("SERVING_PORT", "tcp://10.0.0.7:80", "SERVING_CONFIG", "tcp://10.0.0.9:80");
    assertThat(setting("port", cluster)).isEqualTo("8000 by default");
  }

  @Test
  void aVariableThatIsNoValueIsIgnored() throws IOException {
    String file = file("port: 9000");
    Map<String, String> odd = Map.of("SERVING_PORT", "banana", "SERVING_THREADS", "");
    assertThat(setting("port", odd)).isEqualTo("8000 by default");
    assertThat(setting("port", odd, "--config", file)).isEqualTo("9000 by " + file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          prot: 1            | there is no setting 'prot'; did you mean 'port'?
          help: true         | there is no setting 'help'
          config: x          | there is no setting 'config'
          port: banana       | 'banana' is not an int
          port: {a: 1}       | 'port' must be one value, or a list of values
          cors-origins: [[]] | 'cors-origins' must be one value, or a list of values
          port               | a file of settings has lines such as 'port: 8000'
          'port: [1'         | is not valid YAML at line
          """)
  void aFileThatIsWrongStops(String line, String message) throws IOException {
    String file = file(line);
    assertThat(run(Map.of(), "serve", "--print-config", "--config", file)).isEqualTo(2);
    assertThat(errors.toString()).startsWith("serving: " + file + ": ").contains(message);
  }

  @Test
  void aSettingThatIsThereTwiceStops() throws IOException {
    for (String twice : List.of("port: 1\nport: 2", "max-num-seqs: 1\nmax_num_seqs: 2")) {
      assertThat(run(Map.of(), "serve", "--config", file(twice))).isEqualTo(2);
    }
    assertThat(errors.toString()).contains("'max_num_seqs' is set twice");
  }

  @Test
  void aFileThatIsNotThereStops() {
    assertThat(run(Map.of("SERVING_CONFIG", "/nowhere.yaml"), "serve")).isEqualTo(2);
    assertThat(errors.toString()).startsWith("serving: /nowhere.yaml: cannot be read");
  }

  @Test
  void secretsAreMasked() {
    Map<String, String> keys =
        Map.of(
            ServerOptions.KEYS_VARIABLE,
            "sk-1,sk-2",
            "OTEL_EXPORTER_OTLP_HEADERS",
            "authorization=Basic abc");
    assertThat(printed(keys, "--otlp-traces-endpoint", "https://u:secret@host"))
        .contains("# SERVING_API_KEYS: ***", "https://***@host")
        .doesNotContain("sk-1", "secret", "abc");
  }

  /** What is printed is a file that makes the same settings. */
  @Test
  void whatIsPrintedCanBeReadAgain() throws IOException {
    String[] words = {
      "--served-model-name=it's: #1", "--cors-origins=a,b", "--dtype=int8", "--engine-heap=8g"
    };
    String first = printed(Map.of(), words);
    String file = file(first);
    assertThat(values(printed(Map.of(), "--config", file))).isEqualTo(values(first));
  }

  private static List<String> values(String printed) {
    return printed
        .lines()
        .map(LINE::matcher)
        .filter(line -> line.matches())
        .map(line -> line.group(1) + "=" + line.group(2))
        .collect(Collectors.toList());
  }

  @Test
  void theModelMayBeTheFirstWord() {
    assertThat(setting("model", Map.of(), "/models/a")).isEqualTo("/models/a by DIR");
    assertThat(run(Map.of(), "serve", "/models/a", "--model", "/models/b")).isEqualTo(1);
    assertThat(errors.toString()).contains("the model is named twice");
  }
}
