package dev.serving.cli;

import dev.serving.cli.HelpGroup.Topic;
import dev.serving.core.config.ApiKeys;
import dev.serving.core.config.EnginesConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.config.HttpLimits;
import dev.serving.core.config.LifecycleFormat;
import dev.serving.core.config.ListenConfig;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the server listens, to whom, and how it behaves. */
@HelpGroup(Topic.LIMITS)
final class ServerOptions {
  private static final Logger LOG = System.getLogger(ServerOptions.class.getName());
  static final String KEYS_VARIABLE = "SERVING_API_KEYS";
  private static final String KEY_FILE = "--api-key-file";

  /** Each option's default is what the server itself takes: said once, there. */
  private static final FrontendConfig DEFAULT = FrontendConfig.builder("default").build();

  @HelpGroup(Topic.ADDRESS)
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host = ListenConfig.DEFAULT.host();

  @HelpGroup(Topic.ADDRESS)
  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port = ListenConfig.DEFAULT.port();

  @HelpGroup(Topic.MODEL)
  @Option(
      names = "--served-model-name",
      paramLabel = "NAME",
      description = "The model's name in the API (default: the directory's).")
  private String modelName;

  @HelpGroup(Topic.PROCESSES)
  @Option(
      names = {"--data-parallel-size", "-dp"},
      paramLabel = "N",
      description = "Engines side by side, each with the whole model (default: ${DEFAULT-VALUE}).")
  private int dataParallel = DEFAULT.engines().count();

  @HelpGroup(Topic.ADDRESS)
  @Option(
      names = KEY_FILE,
      paramLabel = "FILE",
      description =
          "Keys that clients must send as 'Authorization: Bearer KEY', one a line (also by"
              + " SERVING_API_KEYS, separated by commas). Never taken from the command line, which"
              + " every local user can read.")
  private Path keyFile;

  @Mixin private TlsOptions tls;

  @HelpGroup(Topic.ADDRESS)
  @Option(
      names = "--cors-origins",
      paramLabel = "ORIGIN",
      split = ",",
      description = "Origins whose pages may call the server (default: none).")
  private List<String> corsOrigins = List.of();

  @HelpGroup(Topic.ADDRESS)
  @Option(
      names = "--allowed-hosts",
      paramLabel = "NAME",
      split = ",",
      description =
          "Names beside 'localhost' by which a server without keys may be asked on loopback, as a"
              + " proxy before it may (default: those without a dot).")
  private List<String> allowedHosts = List.of();

  @Option(
      names = "--max-connections",
      defaultValue = "4096",
      paramLabel = "N",
      description =
          "Most open connections; unused and unfinished ones make way for new ones, oldest first"
              + " (default: ${DEFAULT-VALUE}, fewer where the memory for clients is small).")
  private int maxConnections;

  @Option(
      names = "--client-memory-bytes",
      converter = ByteSize.class,
      defaultValue = "0",
      paramLabel = "SIZE",
      description =
          "Most bytes held for all clients: connections, requests, answers not yet read; more is"
              + " refused (default: a quarter of the heap).")
  private long clientMemoryBytes;

  @Option(
      names = "--shutdown-timeout",
      paramLabel = "S",
      description = "Seconds that running requests get after SIGTERM (default: ${DEFAULT-VALUE}).")
  private int shutdownSeconds = seconds(DEFAULT.shutdownTimeout());

  @Option(
      names = "--max-requests",
      paramLabel = "N",
      description = "Most open requests; more are refused (default: ${DEFAULT-VALUE}).")
  private int maxRequests = DEFAULT.maxRequests();

  @Option(
      names = "--request-timeout",
      paramLabel = "S",
      description = "Seconds after which a request is ended (default: ${DEFAULT-VALUE}).")
  private int requestSeconds = seconds(DEFAULT.generationTimeout());

  @HelpGroup(Topic.TRACING)
  @Option(
      names = "--lifecycle-log",
      defaultValue = "text",
      paramLabel = "FORMAT",
      description =
          "Log a line at each border between a request's stages: text, json or off (default:"
              + " ${DEFAULT-VALUE}).")
  private LifecycleFormat lifecycle;

  @HelpGroup(Topic.TRACING)
  @Option(
      names = "--ledger-bytes",
      converter = ByteSize.class,
      paramLabel = "SIZE",
      description =
          "Most bytes of notes of each engine's last steps, from which 'serving why' tells why a"
              + " request was slow (default: ${DEFAULT-VALUE}).")
  private long ledgerBytes = DEFAULT.ledgerBytes();

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }

  int engines() {
    return dataParallel;
  }

  /** The frontend's settings for a model of this name. */
  FrontendConfig frontend(String directoryName) {
    ApiKeys keys = keys();
    if (!keys.required() && !isLoopback(host)) {
      LOG.log(
          Level.WARNING,
          "{0} can be reached from other machines and asks for no key; see --api-key-file",
          host);
    }
    return FrontendConfig.builder(modelName == null ? directoryName : modelName)
        .listen(listen())
        .apiKeys(keys)
        .limits(limits())
        .maxRequests(maxRequests)
        .generationTimeout(Duration.ofSeconds(requestSeconds))
        .engines(EnginesConfig.DEFAULT.withCount(dataParallel))
        .shutdownTimeout(Duration.ofSeconds(shutdownSeconds))
        .lifecycle(lifecycle)
        .ledgerBytes(ledgerBytes)
        .build();
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return true; // binding will say that there is no such host
    }
  }

  private HttpLimits limits() {
    if (maxConnections < 1) {
      throw new IllegalArgumentException(
          "--max-connections must be at least 1, was " + maxConnections);
    }
    if (clientMemoryBytes != 0 && clientMemoryBytes < HttpLimits.LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "--client-memory-bytes must be at least %d, was %d"
              .formatted(HttpLimits.LEAST_MEMORY, clientMemoryBytes));
    }
    mustFitTheHeap("--client-memory-bytes", clientMemoryBytes);
    mustFitTheHeap("--ledger-bytes", ledgerBytes);
    return HttpLimits.builder().connections(maxConnections).memoryBytes(clientMemoryBytes).build();
  }

  /** A bound beyond the heap bounds nothing. */
  private static void mustFitTheHeap(String option, long bytes) {
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap) {
      throw new UsageException(
          option,
          "%s is %d, and this process's heap has %d: lower it, or raise -Xmx in JAVA_TOOL_OPTIONS"
              .formatted(option, bytes, heap));
    }
  }

  private ListenConfig listen() {
    ListenConfig listen =
        ListenConfig.DEFAULT
            .withHost(host)
            .withPort(port)
            .withCorsOrigins(Set.copyOf(corsOrigins))
            .withAllowedHosts(
                allowedHosts.stream()
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet()));
    return tls.config().map(listen::withTls).orElse(listen);
  }

  private ApiKeys keys() {
    List<String> keys = new ArrayList<>();
    String variable = System.getenv(KEYS_VARIABLE);
    if (variable != null) {
      keys.addAll(trimmed(Stream.of(variable.split(","))));
    }
    if (keyFile != null) {
      try {
        keys.addAll(trimmed(Files.readAllLines(keyFile).stream()));
      } catch (IOException e) {
        throw new UsageException(KEY_FILE, KEY_FILE + " " + keyFile + " cannot be read", e);
      }
    }
    if (keys.isEmpty() && keyFile != null) {
      throw new UsageException(KEY_FILE, KEY_FILE + " " + keyFile + " holds no key");
    }
    return keys.isEmpty() ? ApiKeys.none() : ApiKeys.of(keys);
  }

  private static List<String> trimmed(Stream<String> keys) {
    return keys.map(String::trim).filter(key -> !key.isEmpty()).toList();
  }
}
