package dev.serving.cli;

import dev.serving.cli.HelpGroup.Topic;
import dev.serving.cli.load.Target;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which servers are put under load, and how they are asked. */
@HelpGroup(Topic.TARGET)
final class TargetOptions {
  private static final URI DEFAULT = URI.create("http://127.0.0.1:8000");
  private static final List<String> KEYS = List.of(RunningServer.KEY_VARIABLE, "OPENAI_API_KEY");

  /** By which of OpenAI's ways a model is asked. */
  enum Backend {
    OPENAI("openai", "/v1/completions"),
    OPENAI_CHAT("openai-chat", "/v1/chat/completions");

    private final String word;
    private final String endpoint;

    Backend(String word, String endpoint) {
      this.word = word;
      this.endpoint = endpoint;
    }

    @Override
    public String toString() {
      return word;
    }

    /** By the words that help has. */
    static final class Word implements ITypeConverter<Backend> {
      @Override
      public Backend convert(String text) {
        return Stream.of(values())
            .filter(backend -> backend.word.equalsIgnoreCase(text))
            .findFirst()
            .orElseThrow(
                () -> new TypeConversionException("'" + text + "' is not openai or openai-chat"));
      }
    }
  }

  @Option(
      names = {"--base-url", "--url"},
      paramLabel = "URL",
      split = ",",
      converter = HttpAddress.class,
      description =
          "Address of the server (default: http://127.0.0.1:8000); given more than once, one after"
              + " another gets the same load. A key is taken from the variable SERVING_API_KEY or"
              + " OPENAI_API_KEY.")
  private List<URI> urls;

  @Option(
      names = "--backend",
      converter = Backend.Word.class,
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}: prompts as texts or as chats (default: openai).")
  private Backend backend = Backend.OPENAI;

  @Option(
      names = "--endpoint",
      paramLabel = "PATH",
      description = "Path that takes requests (default: the backend's own).")
  private String endpoint;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model's name (default: the first that the server lists).")
  private String model = "";

  @Option(
      names = "--header",
      paramLabel = "NAME=VALUE",
      description = "A header to send with each request; may be repeated.")
  private Map<String, String> headers = Map.of();

  @Option(
      names = "--ignore-eos",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Ask for answers of the whole length (default), by a field that OpenAI's own API lacks;"
              + " or let the model end them.")
  private boolean ignoreEos;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "How freely tokens are chosen (default: ${DEFAULT-VALUE}).")
  private double temperature;

  @Option(
      names = "--request-timeout",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "After which a request is given up (default: 10m).")
  private Duration timeout = Duration.ofMinutes(10);

  /**
   * The servers.
   *
   * @throws IllegalArgumentException if one cannot be meant, with the option's name
   */
  List<Target> targets() {
    Numbers.temperature(temperature);
    return (isGiven() ? urls : List.of(DEFAULT)).stream().map(this::target).toList();
  }

  /** Whether a server was named. */
  boolean isGiven() {
    return urls != null;
  }

  private Target target(URI url) {
    return new Target(
        url,
        backend == Backend.OPENAI_CHAT,
        endpoint == null ? backend.endpoint : endpoint,
        model,
        allHeaders(),
        ignoreEos,
        temperature,
        timeout);
  }

  private Map<String, String> allHeaders() {
    Map<String, String> all = new LinkedHashMap<>();
    Stream<String> keys = KEYS.stream().map(System::getenv).filter(key -> key != null);
    keys.findFirst().ifPresent(key -> all.put("Authorization", "Bearer " + key));
    all.putAll(headers);
    return all;
  }
}
