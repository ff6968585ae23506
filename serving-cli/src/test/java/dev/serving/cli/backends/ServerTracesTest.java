package dev.serving.cli.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What Jaeger has of a real server with five processes, seen by way of the Collector. */
@Proves({"otelcol", "jaeger"})
final class ServerTracesTest {
  private static final String CALLER = "00000000000000aa";

  @TempDir private static Path directory;
  private static Stack stack;
  private static ServingProgram server;
  private static List<String> traces;

  @BeforeAll
  static void serve() {
    stack = new Stack(directory, "collector", Map.of());
    server =
        ServingProgram.start(
            directory,
            Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), // by its port it would not be
            "serve",
            "--trace-enable",
            "--trace-level=3",
            "--otlp-traces-endpoint=" + stack.endpoint(false, false),
            "--data-parallel-size=2",
            "--tensor-parallel-size=2");
    traces = new Traffic(server.http()).mix();
    await().atMost(Duration.ofSeconds(60)).until(ServerTracesTest::delivered);
  }

  /** All requests' spans have their parents, but roots, whose callers send none. */
  private static boolean delivered() {
    List<SentSpan> spans = sent().values().stream().flatMap(List::stream).toList();
    Set<String> ids = spans.stream().map(SentSpan::id).collect(Collectors.toSet());
    return sent().size() == traces.size()
        && spans.stream().allMatch(s -> ids.contains(s.parent()) || s.parent().equals(CALLER));
  }

  /** The spans of requests that the Collector has written so far, by trace. */
  private static Map<String, List<SentSpan>> sent() {
    return stack.file().stream()
        .filter(span -> traces.contains(span.traceId()))
        .collect(Collectors.groupingBy(SentSpan::traceId));
  }

  @AfterAll
  static void stop() {
    server.close();
    stack.close();
  }

  @Test
  void theFileHoldsEachSpanOnce() {
    assertThat(stack.file()).extracting(SentSpan::id).doesNotHaveDuplicates();
    ProofTable.figures("%d spans, %d traces".formatted(stack.file().size(), sent().size()));
  }

  @Test
  void jaegerReturnsTreeLinksEventsStatusAndResourceAsSent() {
    awaitAllInJaeger();
    assertThat(all()).anyMatch(span -> !span.says("links=[]"));
    assertThat(all()).anyMatch(span -> !span.says("events=[]"));
    assertThat(all()).anyMatch(span -> span.says("status=2"));
    ProofTable.figures("%d requests".formatted(traces.size()));
  }

  /** Both may still grow by a span that ended late: until they hold the same. */
  private static void awaitAllInJaeger() {
    for (String trace : traces) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(stack.inJaeger(trace))
                      .containsExactlyInAnyOrderElementsOf(sent().get(trace)));
    }
  }

  private static List<SentSpan> all() {
    return sent().values().stream().flatMap(List::stream).toList();
  }

  /** API v1's first read. The caller's span was never sent here, which Jaeger says of the root. */
  @Test
  void jaegerWarnsOfNothing() {
    for (String trace : traces) {
      JsonNode found = stack.query().json("api/traces/" + trace).path("data").path(0);
      assertThat(found.path("warnings").isEmpty()).isTrue();
      for (JsonNode span : found.path("spans")) {
        boolean root = span.path("tags").toString().contains("\"value\":\"server\"");
        if (!root) {
          assertThat(span.path("warnings").isEmpty()).as(span.toString()).isTrue();
        }
      }
    }
  }

  @Test
  void servicesAndOperationsStayFewAfterAThousandRequests() {
    Traffic traffic = new Traffic(server.http());
    for (int i = 0; i < 1000; i++) {
      traffic.tiny();
    }
    String last = traffic.tiny();
    await().atMost(Duration.ofSeconds(60)).until(() -> stack.inJaeger(last).size() > 5);

    List<String> services = strings(stack.query().json("api/services").path("data"));
    assertThat(services).containsExactly("serving");
    List<String> operations =
        strings(stack.query().json("api/services/serving/operations").path("data"));
    assertThat(operations.size()).as(operations.toString()).isLessThanOrEqualTo(40);
    ProofTable.figures("%d operations".formatted(operations.size()));
  }

  /** The same spans in the viewer, asked by HTTP as Jaeger was. */
  @Test
  void theViewerAnswersAsJaegerDoes() throws Exception {
    awaitAllInJaeger();
    try (ServingProgram viewer = ServingProgram.start(directory, Map.of(), "viewer")) {
      JaegerComparison comparison = new JaegerComparison(stack, viewer.http());
      comparison.copy();
      List<String> differences = new ArrayList<>(comparison.differences(traces));
      assertThat(differences).as(String.join("\n", differences)).isEmpty();
      ProofTable.figures("%d questions".formatted(comparison.asked()));
    }
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(value -> strings.add(value.asString()));
    return strings;
  }
}
