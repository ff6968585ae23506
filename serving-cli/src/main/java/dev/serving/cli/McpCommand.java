package dev.serving.cli;

import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Lets an agent ask a viewer, by the Model Context Protocol on standard input and output. */
@Command(
    name = "mcp",
    mixinStandardHelpOptions = true,
    defaultValueProvider = Settings.class,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG},
    sortOptions = false,
    description = {
      "Let an agent ask a viewer for traces: search_traces, get_lanes, why, compare.",
      "Speaks the Model Context Protocol on standard input and output; give an agent",
      "the command 'serving mcp'. Answers are 2 kB at most and hold no prompt or answer.",
      ""
    })
final class McpCommand implements Callable<Integer> {
  private static final String TRACE = "id of a trace, 1 to 32 hexadecimal digits";

  @Variable("SERVING_VIEWER_URL")
  @Option(
      names = {"--viewer", "--url"},
      paramLabel = "URL",
      converter = HttpAddress.class,
      description =
          "Address of the viewer, also by the variable SERVING_VIEWER_URL (default:"
              + " ${DEFAULT-VALUE}). Its token, if it asks for one, is taken from SERVING_API_KEY.")
  private URI viewer = URI.create("http://127.0.0.1:4318");

  /** A tool's work: arguments to text. */
  @FunctionalInterface
  private interface Work {
    String answer(Map<String, Object> asked) throws InterruptedException;
  }

  @Override
  public Integer call() throws InterruptedException {
    AgentLines agent = new AgentLines(System.in, System.out);
    System.setOut(System.err); // nothing else may stand between the answers
    JacksonMcpJsonMapper json = new JacksonMcpJsonMapper(JsonMapper.shared());
    McpSyncServer server =
        server(new StdioServerTransportProvider(json, agent.questions(), agent.answers()), json);
    agent.awaitEnd();
    server.closeGracefully();
    return 0;
  }

  private McpSyncServer server(StdioServerTransportProvider transport, JacksonMcpJsonMapper json) {
    AgentTools tools = new AgentTools(viewer);
    var server =
        McpServer.sync(transport)
            .serverInfo("serving", Version.text())
            .jsonMapper(json)
            // Each tool checks what it is given, and says in words what is wrong with it.
            .jsonSchemaValidator((schema, value) -> ValidationResponse.asValid(null))
            .validateToolInputs(false)
            .immediateExecution(true)
            .capabilities(ServerCapabilities.builder().tools(false).build());
    add(server, search(), tools::searchTraces);
    add(
        server,
        tool("get_lanes", "Draws a trace's lanes: who worked on it when.", trace()),
        tools::lanes);
    add(
        server,
        tool(
            "why",
            "Tells why a request took so long: its causes, whose requests they were, its stages"
                + " beside what is usual, where it waited.",
            trace()),
        tools::why);
    add(
        server,
        tool("compare", "Compares two traces stage by stage.", Map.of("a", TRACE, "b", TRACE)),
        tools::compare);
    return server.build();
  }

  private static void add(McpServer.SyncSpecification<?> server, Tool tool, Work work) {
    server.toolCall(tool, (exchange, request) -> result(work, request.arguments()));
  }

  private static CallToolResult result(Work work, Map<String, Object> asked) {
    CallToolResult.Builder result = CallToolResult.builder();
    try {
      return result.addTextContent(work.answer(asked == null ? Map.of() : asked)).build();
    } catch (StartException | IllegalArgumentException e) {
      String refusal = AgentText.fit(List.of(String.valueOf(e.getMessage())));
      return result.addTextContent(refusal).isError(true).build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return result.addTextContent("ended").isError(true).build();
    }
  }

  private static Map<String, String> trace() {
    return Map.of("trace", TRACE);
  }

  private static Tool tool(String name, String says, Map<String, String> required) {
    return tool(name, says, List.copyOf(required.keySet()), required);
  }

  private static Tool tool(
      String name, String says, List<String> required, Map<String, String> arguments) {
    return Tool.builder(name, AgentTools.schema(required, arguments)).description(says).build();
  }

  private static Tool search() {
    Map<String, String> filters = new LinkedHashMap<>();
    filters.put("service", "name of a service");
    filters.put("where", "attributes of one span, such as: tier=gold and tokens>100 (= ~ > <)");
    filters.put("text", "text anywhere in the trace");
    filters.put("minDuration", "the whole took at least so long, such as 1.5s");
    filters.put(
        "stage", "PREPROCESSING, SCHEDULE, PREFILL, DECODE, POSTPROCESSING or another span");
    filters.put("stageMin", "that stage took at least so long");
    filters.put("cause", "what took most of the time, such as queue.budget");
    filters.put("status", "HTTP's, such as 429 or 5xx");
    filters.put("id", "id of the request");
    filters.put("errors", "true for failed ones alone");
    filters.put("sort", "such as -duration, -first_token, start; the latest first unless asked");
    return tool(
        "search_traces", "Lists traces that match, 15 at most, a line each.", List.of(), filters);
  }
}
