package dev.serving.core.frontend;

import dev.serving.core.config.CacheConfig;
import dev.serving.core.config.Deployment;
import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.config.FrontendConfigBuilder;
import dev.serving.core.config.LifecycleFormat;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.config.WorkerConfig;
import dev.serving.core.frontend.engines.EngineLauncher;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.WeightType;
import dev.serving.core.model.text.Tokenizer;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real frontend on a free port, scripted engines behind it, and all of its spans in memory. */
final class Rig implements AutoCloseable {
  static final Checkpoint CHECKPOINT = Checkpoint.open(Path.of("../models/serving-demo"));
  static final Deployment DEPLOYMENT =
      new Deployment(
          "test",
          new EngineConfig(
              new WorkerConfig(
                  CHECKPOINT.directory(),
                  WeightType.BF16,
                  1,
                  CacheConfig.DEFAULT,
                  SchedulerConfig.DEFAULT),
              1));
  static final String ANSWER = "Hello from the engine, with ünïcode and some words.";
  static final String END = "<|im_end|>";
  static final JsonMapper JSON = JsonMapper.shared();

  final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  final Tracing tracing;
  final Frontend frontend;
  final List<ScriptedEngine> engines = new CopyOnWriteArrayList<>();
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int modelLength;
  private final Tokenizer tokenizer = Tokenizer.open(CHECKPOINT.directory());
  private volatile Function<Generate, List<Integer>> script = g -> withEnd(tokens(ANSWER));

  Rig() {
    this(config -> config);
  }

  Rig(UnaryOperator<FrontendConfigBuilder> change) {
    this(change, true, 512);
  }

  Rig(UnaryOperator<FrontendConfigBuilder> change, boolean traced, int newModelLength) {
    this("demo", change, trace -> trace.enabled(traced), newModelLength);
  }

  /** With another name of the model. */
  static Rig named(String model) {
    return new Rig(model, config -> config, trace -> trace, 512);
  }

  private Rig(
      String model,
      UnaryOperator<FrontendConfigBuilder> change,
      UnaryOperator<TracingConfig.Builder> trace,
      int newModelLength) {
    modelLength = newModelLength;
    TracingConfig.Builder everything = TracingConfig.builder().enabled(true).level(3);
    tracing = Tracing.start(trace.apply(everything).build(), exporter);
    FrontendConfigBuilder config =
        FrontendConfig.builder(model)
            .listen(ListenConfig.DEFAULT.withPort(0))
            .lifecycle(LifecycleFormat.OFF); // thousands of requests would fill the test's log
    frontend =
        Frontend.start(change.apply(config).build(), DEPLOYMENT, CHECKPOINT, tracing, this::launch);
  }

  /** With tracing other than all of it. */
  static Rig traced(UnaryOperator<TracingConfig.Builder> trace) {
    return new Rig("demo", config -> config, trace, 512);
  }

  /** Waits until all engines serve. */
  Rig ready() throws Exception {
    frontend.ready().toCompletableFuture().get(10, TimeUnit.SECONDS);
    return this;
  }

  private EngineLauncher.EngineHandle launch(int dpRank, String address, String identity) {
    ScriptedEngine engine = new ScriptedEngine(dpRank, modelLength, tracing, g -> script.apply(g));
    engines.add(engine);
    engine.start(address, identity);
    return engine;
  }

  /** A model ends its answer by a token, which engines send as well. */
  private List<Integer> withEnd(List<Integer> answer) {
    List<Integer> tokens = new ArrayList<>(answer);
    tokens.add(end());
    return tokens;
  }

  /** The token that ends an answer unless the script is cut by its length. */
  int end() {
    return tokenizer.idOf(END).orElseThrow();
  }

  ScriptedEngine engine() {
    return engines.get(engines.size() - 1);
  }

  /** What engines answer from now on, and then end by {@link #end}. */
  void answers(Function<Generate, List<Integer>> newScript) {
    script = g -> withEnd(newScript.apply(g));
  }

  /** What engines answer from now on; the last token is the one that ends it. */
  void stopsAt(Function<Generate, List<Integer>> newScript) {
    script = newScript;
  }

  List<Integer> tokens(String text) {
    return Arrays.stream(tokenizer.encode(text)).boxed().toList();
  }

  String text(int[] tokens) {
    return tokenizer.decode(tokens);
  }

  URI uri(String path) {
    return frontend.uri().resolve(path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  HttpRequest posting(String path, String json, String... headers) {
    HttpRequest.Builder builder =
        request(path)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    return headers.length == 0 ? builder.build() : builder.headers(headers).build();
  }

  HttpResponse<String> post(String path, String json, String... headers)
      throws IOException, InterruptedException {
    return client.send(posting(path, json, headers), BodyHandlers.ofString());
  }

  JsonNode chat(String more) throws IOException, InterruptedException {
    return JSON.readTree(post("/v1/chat/completions", chatBody(more)).body());
  }

  static String chatBody(String more) {
    return "{\"model\": \"demo\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]"
        + more
        + "}";
  }

  /** The data of each event of a stream, without the one that ends it. */
  static List<JsonNode> events(String stream) {
    List<String> data =
        Stream.of(stream.split("\n\n")).map(e -> e.substring("data: ".length())).toList();
    if (!data.get(data.size() - 1).equals("[DONE]")) {
      throw new AssertionError("the stream does not end: " + stream);
    }
    return data.subList(0, data.size() - 1).stream().map(JSON::readTree).toList();
  }

  /** All spans, once there are as many roots and nothing is open. */
  List<SpanData> spans(int roots) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> tracing.flush(Duration.ofSeconds(5)) && roots().size() >= roots);
    return exporter.getFinishedSpanItems();
  }

  List<SpanData> roots() {
    return exporter.getFinishedSpanItems().stream()
        .filter(s -> s.getName().startsWith("POST "))
        .toList();
  }

  @Override
  public void close() {
    frontend.close();
    tokenizer.close();
    tracing.close();
  }
}
