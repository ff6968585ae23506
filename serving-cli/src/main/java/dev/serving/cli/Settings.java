package dev.serving.cli;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where an option's value comes from when it is not on the command line: from a variable of the
 * environment, else from the file that {@code --config} names, else it has its default. Used by the
 * thread that reads the command line.
 *
 * <p>An option's variable is its name in capitals, {@code SERVING_MAX_NUM_SEQS} for {@code
 * --max-num-seqs} of {@code serve}, {@code SERVING_BENCH_SEED} for {@code --seed} of {@code bench}.
 * Commands that only ask somebody have none but whom they ask. What is traced has names that others
 * gave it; that the environment has one of them is all that is asked here, for tracing reads them
 * itself.
 */
final class Settings implements IDefaultValueProvider {
  static final String CONFIG = "--config";

  private static final Logger LOG = System.getLogger(Settings.class.getName());
  private static final String PREFIX = "SERVING_";

  /**
   * How the variables of commands begin that have one for each option. The viewer's begin as its
   * short name does: {@code SERVING_VIEWER_PORT} is that of the viewer inside a server.
   */
  private static final Map<String, String> PREFIXES =
      Map.of("serve", PREFIX, "viewer", PREFIX + "VIEW_", "bench", PREFIX + "BENCH_");

  /** What is a matter of one command line. */
  private static final Set<String> ONLY_TYPED = Set.of("--print-config", "--help", "--version");

  /** As in serving-trace's CONFIGURATION.md. */
  private static final Map<String, List<String>> TRACING =
      Map.of(
          "--trace-enable", List.of("TRACES_ENABLE", "FD_TRACE"),
          "--otlp-traces-endpoint",
              List.of(
                  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                  "OTEL_EXPORTER_OTLP_ENDPOINT",
                  "EXPORTER_OTLP_ENDPOINT"),
          "--trace-level", List.of("SERVING_TRACE_LEVEL"),
          "--trace-modules", List.of("SERVING_TRACE_MODULES"),
          "--trace-attributes", List.of("SERVING_TRACE_ATTRIBUTES"),
          "--trace-sample-ratio", List.of("OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"),
          "--allow-forced-traces", List.of("SERVING_TRACE_FORCING"));

  /**
   * Kubernetes gives each pod {@code NAME_PORT=tcp://10.0.0.7:80} for every service of its
   * namespace, so {@code SERVING_PORT} where one is called "serving". Nobody else writes a port, a
   * host or a file like this.
   */
  private static final Pattern OF_A_CLUSTER = Pattern.compile("(tcp|udp|sctp)://.*");

  private final Map<String, String> environment;
  private final Set<String> refused = new HashSet<>();
  private final Map<Path, SettingsFile> read = new HashMap<>();

  /** With this process's environment. Picocli's constructor. */
  Settings() {
    this(System.getenv());
  }

  Settings(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The settings that a command has besides its command line, if it has any. */
  static Optional<Settings> of(CommandSpec command) {
    return command.defaultValueProvider() instanceof Settings settings
        ? Optional.of(settings)
        : Optional.empty();
  }

  @Override
  public String defaultValue(ArgSpec arg) {
    if (!(arg instanceof OptionSpec option) || !isSetting(option)) {
      return null;
    }
    if (isTraced(option)) {
      return variable(option).isPresent() ? null : line(option).orElse(null);
    }
    return variable(option).map(environment::get).or(() -> line(option)).orElse(null);
  }

  /** Whether it can be set by a variable, and all but the file itself by a line of a file. */
  static boolean isSetting(OptionSpec option) {
    return !option.hidden() && !ONLY_TYPED.contains(name(option));
  }

  /** An option's own name, which is the first long one; others are what other servers call it. */
  static String name(OptionSpec option) {
    return Arrays.stream(option.names())
        .filter(name -> name.startsWith("--"))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isTraced(OptionSpec option) {
    return TRACING.containsKey(name(option));
  }

  /** The names of an option's variables, the first that is set counts. */
  static List<String> variables(OptionSpec option) {
    String prefix = PREFIXES.get(option.command().name());
    return prefix == null ? shared(option) : variables(name(option), prefix);
  }

  private static List<String> variables(String option, String prefix) {
    String own = prefix + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    return TRACING.getOrDefault(option, List.of(own));
  }

  private static List<String> shared(OptionSpec option) {
    Variable shared =
        option.userObject() instanceof Field field ? field.getAnnotation(Variable.class) : null;
    return shared == null ? List.of() : List.of(shared.value());
  }

  /** The option's variable that is set, and counts. */
  Optional<String> variable(OptionSpec option) {
    return variables(option).stream().filter(this::counts).findFirst();
  }

  /** What a variable says; null where it is not set. */
  String said(String variable) {
    return environment.get(variable);
  }

  private boolean counts(String variable) {
    String value = environment.getOrDefault(variable, "");
    if (value.isEmpty() || refused.contains(variable)) {
      return false;
    }
    if (variable.startsWith(PREFIX) && OF_A_CLUSTER.matcher(value).matches()) {
      refuse(variable, "looks like what Kubernetes says of a service, and not like a setting");
      return false;
    }
    return true;
  }

  /** Has a variable count as not set, with a warning. Its value may be a secret. */
  void refuse(String variable, String why) {
    if (refused.add(variable)) {
      LOG.log(Level.WARNING, "{0} {1}: it is ignored", variable, why);
    }
  }

  /** The line of the file that sets the option, and counts. */
  private Optional<String> line(OptionSpec option) {
    return file(option.command())
        .filter(file -> !name(option).equals(CONFIG))
        .flatMap(file -> file.value(option));
  }

  /**
   * The file, where there is one.
   *
   * @throws picocli.CommandLine.ParameterException when it cannot be read, or has what is no
   *     setting
   */
  Optional<SettingsFile> file(CommandSpec command) {
    OptionSpec named = command.findOption(CONFIG);
    if (named == null) {
      return Optional.empty();
    }
    Path path = named.getValue();
    if (path == null) {
      path = variable(named).map(environment::get).map(Path::of).orElse(null);
    }
    return Optional.ofNullable(path)
        .map(p -> read.computeIfAbsent(p, file -> SettingsFile.read(file, command)));
  }

  /** Who has set an option that was not typed: a variable or the file; empty for nobody. */
  Optional<String> setBy(OptionSpec option) {
    return variable(option)
        .or(
            () ->
                line(option).map(value -> file(option.command()).orElseThrow().path().toString()));
  }
}
