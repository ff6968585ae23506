package dev.serving.viewer;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** A real headless Chromium, driven over its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Path profile;
  private final DevTools devTools;

  private Browser(Process process, Path profile, DevTools devTools) {
    this.process = process;
    this.profile = profile;
    this.devTools = devTools;
  }

  /** Where Chromium is on this machine, if it is. */
  static Optional<Path> find() {
    return Stream.of(System.getenv("PATH").split(":"))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome", "chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Browser start(Path program) throws IOException {
    Path profile = Files.createTempDirectory("viewer-browser");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile,
                "--remote-debugging-port=0",
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log.txt").toFile())
            .start();
    Path portFile = profile.resolve("DevToolsActivePort");
    Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(portFile) && lines(portFile) == 2);
    int port = Integer.parseInt(Files.readAllLines(portFile).get(0));
    return new Browser(process, profile, DevTools.ofFirstPage(port));
  }

  /** Goes to a page and waits until its elements are there; what its scripts fetch comes later. */
  void open(URI address) {
    devTools.call("Page.enable", Map.of());
    devTools.call("Runtime.enable", Map.of());
    devTools.call("Log.enable", Map.of());
    devTools.call("Page.navigate", Map.of("url", address.toString()));
    await("document.readyState !== 'loading'");
  }

  void size(int width, int height) {
    devTools.call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void scheme(String scheme) {
    devTools.call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Evaluates a JavaScript expression whose value is JSON. */
  JsonNode evaluate(String expression) {
    JsonNode answer =
        devTools.call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + " threw " + answer.path("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  void await(String condition) {
    Awaitility.await(condition)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> evaluate("Boolean(" + condition + ")").asBoolean());
  }

  void press(String key) {
    for (String type : List.of("keyDown", "keyUp")) {
      Map<String, Object> event = new LinkedHashMap<>(Map.of("type", type, "key", key));
      if (key.length() == 1 && type.equals("keyDown")) {
        event.put("text", key);
      }
      devTools.call("Input.dispatchKeyEvent", event);
    }
  }

  void mouse(String type, double x, double y) {
    devTools.call(
        "Input.dispatchMouseEvent",
        Map.of("type", type, "x", x, "y", y, "button", "left", "buttons", 1, "clickCount", 1));
  }

  void wheel(double x, double y, double deltaY, boolean ctrl) {
    devTools.call(
        "Input.dispatchMouseEvent",
        Map.of(
            "type",
            "mouseWheel",
            "x",
            x,
            "y",
            y,
            "deltaX",
            0,
            "deltaY",
            deltaY,
            "modifiers",
            ctrl ? 2 : 0));
  }

  /** Everything the page complained about: exceptions, blocked content, failed requests. */
  List<String> complaints() {
    return devTools.complaints;
  }

  void screenshot(Path file) throws IOException {
    JsonNode answer = devTools.call("Page.captureScreenshot", Map.of("format", "png"));
    Files.write(file, Base64.getDecoder().decode(answer.path("data").stringValue()));
  }

  /** Ends Chromium and the processes that it started, then removes what they had written. */
  @Override
  public void close() {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    process.destroy();
    all.forEach(Browser::end);
    Awaitility.await("removal of " + profile)
        .atMost(PATIENCE)
        .until(() -> deleted(profile.toFile()));
  }

  private static void end(ProcessHandle process) {
    process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
    process.destroyForcibly();
    process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
  }

  /**
   * Whether the file and all below it are gone. Chromium's crash handler is nobody's child and may
   * still be writing: what comes or goes in the meantime is not an error but a reason to look
   * again.
   */
  private static boolean deleted(File file) {
    File[] inside = file.listFiles();
    if (inside != null && !Files.isSymbolicLink(file.toPath())) {
      Stream.of(inside).forEach(Browser::deleted);
    }
    return file.delete() || !Files.exists(file.toPath(), LinkOption.NOFOLLOW_LINKS);
  }

  private static int lines(Path file) throws IOException {
    return Files.readAllLines(file).size();
  }

  /** One page's DevTools connection: numbered calls out, answers and events in. */
  private static final class DevTools implements WebSocket.Listener {
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final StringBuilder partial = new StringBuilder();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private WebSocket socket;

    static DevTools ofFirstPage(int port) throws IOException {
      JsonNode pages;
      try (var in = URI.create("http://127.0.0.1:" + port + "/json").toURL().openStream()) {
        pages = Json.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      for (JsonNode page : pages) {
        if (page.path("type").asString().equals("page")) {
          return of(page.path("webSocketDebuggerUrl").asString());
        }
      }
      throw new AssertionError("Chromium has no page: " + pages);
    }

    private static DevTools of(String address) {
      DevTools devTools = new DevTools();
      devTools.socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(URI.create(address), devTools)
              .join();
      return devTools;
    }

    JsonNode call(String method, Map<String, ?> parameters) {
      int number = numbers.incrementAndGet();
      CompletableFuture<JsonNode> answer = new CompletableFuture<>();
      waiting.put(number, answer);
      socket
          .sendText(Json.text(Map.of("id", number, "method", method, "params", parameters)), true)
          .join();
      return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        take(Json.tree(partial.toString()));
        partial.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    private void take(JsonNode message) {
      CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").asInt(-1));
      if (answer != null) {
        answer.complete(message.path("result"));
      } else if (message.path("method").asString("").equals("Runtime.exceptionThrown")
          || message.path("method").asString("").equals("Log.entryAdded")) {
        complaints.add(message.path("params").toString());
      }
    }
  }
}
