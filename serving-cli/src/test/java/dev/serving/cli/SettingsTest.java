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
import org.junit.jupiter.api.BeforeEach;
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

  @BeforeEach
  void home() {
    System.setProperty("serving.home", ServingProcess.ROOT.toString());
  }

  private int run(Map<String, String> environment, String... words) {
    CommandLine command = ServingCommand.parserOf();
    command
        .getSubcommands()
        .values()
        .forEach(
            c ->
                c.setDefaultValueProvider(
                    Settings.of(c.getCommandSpec()).isPresent()
                        ? new Settings(environment)
                        : null));
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
          port: banana       | 'banana' is no whole number
          port: {a: 1}       | 'port' must be one value, or a list of values
          cors-origins: [[]] | 'cors-origins' must be one value, or a list of values
          port               | a file of settings has lines such as 'port: 8000'
          'port: [1'         | is not valid YAML at line
          'port:	1'         | is not valid YAML at line 1: while scanning for the next token, found
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
    assertThat(errors.toString())
        .startsWith("serving: /nowhere.yaml: cannot be read: there is no such file");
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
    assertThat(setting("model", Map.of("SERVING_MODEL", "/models/b"), "/models/a"))
        .isEqualTo("/models/a by DIR");
  }

  /** What is out of range only shows when it is used, and is treated as what is no number is. */
  @Test
  void aVariableThatIsOutOfRangeIsIgnored() throws IOException {
    Map<String, String> odd =
        Map.of("SERVING_MAX_NUM_SEQS", "0", "SERVING_PORT", "99999", "SERVING_MODEL", "/nowhere");
    assertThat(run(odd, "serve")).isEqualTo(2);
    assertThat(errors.toString()).startsWith("serving: SERVING_MODEL: no model at /nowhere");
    errors.getBuffer().setLength(0);
    Map<String, String> also = Map.of("SERVING_MAX_NUM_SEQS", "0", "SERVING_THREADS", "0");
    assertThat(run(also, "serve", "--port", "99999")).isEqualTo(2);
    assertThat(errors.toString())
        .isEqualToIgnoringNewLines("serving: --port must be 0 to 65535, was 99999");
  }

  @Test
  void aLineThatIsOutOfRangeStopsByTheFilesName() throws IOException {
    String file = file("threads: 0");
    assertThat(run(Map.of(), "serve", "--config", file)).isEqualTo(2);
    assertThat(errors.toString())
        .isEqualToIgnoringNewLines("serving: " + file + ": --threads must be 1 to 1024, was 0");
  }

  /** A file that somebody names is meant, and what it is for may be safety. */
  @Test
  void aVariableThatNamesAFileThatIsNotThereStops() {
    Map<String, String> tls =
        Map.of("SERVING_SSL_CERTFILE", "/nowhere.pem", "SERVING_SSL_KEYFILE", "/nowhere.pem");
    assertThat(run(tls, "serve", "--port", "0")).isEqualTo(2);
    assertThat(errors.toString())
        .isEqualToIgnoringNewLines(
            "serving: SERVING_SSL_CERTFILE: --ssl-certfile must be a readable file, was"
                + " /nowhere.pem");
  }

  /** Each command has variables of its own, so that one's do not change another. */
  @Test
  void viewerAndBenchHaveVariablesAndAFileToo() throws IOException {
    Map<String, String> ofServe = Map.of("SERVING_PORT", "99999", "SERVING_SSL_CERTFILE", "/x");
    assertThat(run(ofServe, "viewer", "--max-days", "0")).isEqualTo(2);
    assertThat(errors.toString()).contains("--max-days").hasLineCount(1);
    errors.getBuffer().setLength(0);
    Map<String, String> own = Map.of("SERVING_VIEW_TOKEN_FILE", "/nowhere");
    assertThat(run(own, "viewer", "--port", "0")).isEqualTo(2);
    assertThat(errors.toString()).contains("--token-file /nowhere cannot be read");
    errors.getBuffer().setLength(0);
    String file = file("base-url: [http://127.0.0.1:1, http://127.0.0.1:2]", "num-prompts: 3");
    assertThat(run(Map.of("SERVING_BENCH_CONFIG", file), "bench")).isEqualTo(1);
    assertThat(errors.toString()).startsWith("serving: http://127.0.0.1:1 is not there");
    errors.getBuffer().setLength(0);
    assertThat(run(Map.of(), "bench", "--config", file("header: [A=b, C=d]"))).isEqualTo(2);
    assertThat(errors.toString()).contains("'header' must be one value");
  }

  @Test
  void whomToAskIsAVariableOfAllWhoAsk() {
    Map<String, String> variable = Map.of("SERVING_URL", "http://127.0.0.1:2");
    for (String command : List.of("chat", "why", "tracing")) {
      errors.getBuffer().setLength(0);
      assertThat(run(variable, command)).isEqualTo(1);
      assertThat(errors.toString()).startsWith("serving: no server at http://127.0.0.1:2;");
    }
    assertThat(run(variable, "why", "--url", "http://127.0.0.1:3")).isEqualTo(1);
    assertThat(errors.toString()).contains("no server at http://127.0.0.1:3;");
    assertThat(run(Map.of("SERVING_VIEWER_URL", "http://127.0.0.1:4"), "trace")).isEqualTo(1);
    assertThat(errors.toString()).contains("no server at http://127.0.0.1:4;");
  }
}
