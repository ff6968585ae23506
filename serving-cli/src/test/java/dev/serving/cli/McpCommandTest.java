package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.viewer.Viewer;
import dev.serving.viewer.ViewerConfig;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** {@code serving mcp} in a process of its own, asked by the protocol's own client. */
final class McpCommandTest {
  private static final String SECRET = "my prompt is nobody's business";
  private static final String A = "0".repeat(31) + "a";
  private static final String B = "0".repeat(31) + "b";

  private static Viewer viewer;
  private static McpSyncClient agent;

  @BeforeAll
  static void start() throws Exception {
    viewer = Viewer.start(ViewerConfig.defaults().withPort(0));
    export(trace(A, 300, 10));
    export(trace(B, 500, 4_000));
    List<String> line = Installation.command("-Xmx64m");
    line.addAll(List.of("mcp", "--viewer", viewer.uri().toString()));
    ServerParameters command =
        ServerParameters.builder(line.get(0)).args(line.subList(1, line.size())).build();
    agent =
        McpClient.sync(
                new StdioClientTransport(command, new JacksonMcpJsonMapper(JsonMapper.shared())))
            .jsonSchemaValidator((schema, value) -> ValidationResponse.asValid(null))
            .build();
    agent.initialize();
  }

  @AfterAll
  static void stop() {
    agent.closeGracefully();
    viewer.close();
  }

  @Test
  void itsToolsSayWhatTheyTake() {
    assertThat(agent.listTools().tools())
        .extracting(tool -> tool.name())
        .containsExactlyInAnyOrder("search_traces", "get_lanes", "why", "compare");
  }

  @Test
  void tracesAreFoundByWhatTheyAre() {
    assertThat(ask("search_traces", Map.of("sort", "-duration")).lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith(B + " 500 ms")
        .contains("cause queue.budget", "POST /v1/chat/completions");
    assertThat(ask("search_traces", Map.of("minDuration", "400ms")).lines()).hasSize(1);
    assertThat(ask("search_traces", Map.of("where", "rid=nobody"))).contains("2 are held");
  }

  @Test
  void aTraceIsDrawnExplainedAndCompared() {
    assertThat(ask("get_lanes", Map.of("trace", A))).contains("PREFILL", "worker", "300 ms");
    assertThat(ask("why", Map.of("trace", A)))
        .contains("took 300 ms", "cause queue.budget: 200 ms", "cause own: 100 ms")
        .contains("because of trace " + B + ": queue.budget 150 ms")
        .contains("stage PREFILL (worker): 90.0 ms");
    assertThat(ask("compare", Map.of("a", A, "b", B))).contains("PREFILL: a 90.0 ms, b 90.0 ms");
  }

  @Test
  void noAnswerIsLongOrTellsWhatWasSaid() {
    for (String trace : List.of(A, B)) {
      for (String tool : List.of("get_lanes", "why")) {
        assertShort(ask(tool, Map.of("trace", trace)));
      }
    }
    assertShort(ask("compare", Map.of("a", A, "b", B)));
    assertThat(ask("get_lanes", Map.of("trace", B))).endsWith("... (cut)");
    assertShort(ask("search_traces", Map.of("text", SECRET)));
  }

  @Test
  void whatCannotBeAnsweredIsSaid() {
    assertThat(refused("why", Map.of())).contains("'trace' must be a trace's id");
    assertThat(refused("why", Map.of("trace", "77"))).contains("404");
    assertThat(refused("search_traces", Map.of("minDuration", "soon"))).contains("minDuration");
  }

  private static void assertShort(String answer) {
    assertThat(answer.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(2_000);
    assertThat(answer).doesNotContain(SECRET);
  }

  private static String ask(String tool, Map<String, Object> arguments) {
    CallToolResult result =
        agent.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
    assertThat(result.isError()).as(text(result)).isNotEqualTo(true);
    return text(result);
  }

  private static String refused(String tool, Map<String, Object> arguments) {
    CallToolResult result =
        agent.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
    assertThat(result.isError()).isTrue();
    return text(result);
  }

  private static String text(CallToolResult result) {
    return ((TextContent) result.content().get(0)).text();
  }

  /** A request with a root that says its causes, and so many steps in lanes of their own. */
  private static String trace(String id, int millis, int lanes) {
    String root =
        """
        {"traceId":"%s","spanId":"00000000000000aa","name":"POST /v1/chat/completions","kind":2,
        "startTimeUnixNano":"1000000000","endTimeUnixNano":"%d","attributes":[
        {"key":"gen_ai.input.messages","value":{"stringValue":"%s"}},
        {"key":"blame.top","value":{"stringValue":"queue.budget"}},
        {"key":"blame.own_ns","value":{"intValue":"100000000"}},
        {"key":"blame.queue.budget_ns","value":{"intValue":"200000000"}}],
        "links":[{"traceId":"%s","spanId":"00000000000000aa","attributes":[
        {"key":"link.kind","value":{"stringValue":"blame"}},
        {"key":"blame.cause","value":{"stringValue":"queue.budget"}},
        {"key":"blame.ns","value":{"intValue":"150000000"}}]}]}\
        """
            .formatted(id, 1_000_000_000L + millis * 1_000_000L, SECRET, B);
    String prefill =
        """
        {"traceId":"%s","spanId":"00000000000000ab","parentSpanId":"00000000000000aa",
        "name":"PREFILL","startTimeUnixNano":"1010000000","endTimeUnixNano":"1100000000",
        "attributes":[{"key":"thread_label","value":{"stringValue":"worker"}}]}\
        """
            .formatted(id);
    String others =
        IntStream.range(0, lanes)
            .mapToObj(
                i ->
                    """
                    {"traceId":"%s","spanId":"%016x","parentSpanId":"00000000000000aa",
                    "name":"%s","startTimeUnixNano":"1010000000","endTimeUnixNano":"1020000000",
                    "attributes":[{"key":"thread_label","value":{"stringValue":"lane %d"}}]}\
                    """
                        .formatted(id, 1_000 + i, "long name ".repeat(9), i))
            .collect(Collectors.joining(","));
    return "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s,%s,%s]}]}]}"
        .formatted(root, prefill, others);
  }

  private static void export(String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(viewer.uri().resolve("v1/traces"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }
}
