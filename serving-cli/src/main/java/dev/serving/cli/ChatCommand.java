package dev.serving.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A conversation in the terminal. */
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    defaultValueProvider = Settings.class,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG, Exits.CUT},
    sortOptions = false,
    description = {
      "Talk with the model of a running server. A line is what you say; besides:",
      "",
      "  /new      begin another conversation",
      "  /trace    draw the last answer's trace, from a viewer or Jaeger",
      "  /why      tell what the last answer's time went to",
      "  /quit     end, as does the end of the input",
      "",
      "Ctrl-C cuts an answer; where none is given, it ends the conversation."
    })
final class ChatCommand implements Callable<Integer> {
  private static final String PROMPT = "> ";
  private static final int TRIES = 20;
  private static final int TRY_MILLIS = 100;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model's name (default: the first that the server lists).")
  private String model;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "What the model is told before the conversation.")
  private String system;

  @Option(names = "--max-tokens", paramLabel = "N", description = "Most tokens of an answer.")
  private Integer maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 always chooses the likeliest token (default: the model's own).")
  private Double temperature;

  @Variable("SERVING_VIEWER_URL")
  @Option(
      names = "--viewer",
      paramLabel = "URL",
      converter = HttpAddress.class,
      description =
          "Who has the traces, for /trace, also by the variable SERVING_VIEWER_URL (default:"
              + " ${DEFAULT-VALUE}).")
  private URI viewer = URI.create("http://127.0.0.1:4318");

  @Mixin private RunningServer server;
  @Spec private CommandSpec spec;

  private final List<Map<String, String>> messages = new ArrayList<>();
  private PrintWriter out;
  private ChatClient.Answered last = new ChatClient.Answered("", "");
  private boolean failed;

  @Override
  public Integer call() throws Exception {
    Numbers.atLeast(1, "--max-tokens", maxTokens);
    Numbers.temperature(temperature);
    out = spec.commandLine().getOut();
    ChatClient client = new ChatClient(server, model());
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, charset()));
    begin();
    if (!Terminal.types()) {
      converse(in, line -> hear(client, line));
      return failed ? 1 : 0;
    }
    try (Cut cut = Cut.install()) {
      converse(in, line -> hearOrCut(cut, client, line));
    }
    return 0;
  }

  private void converse(BufferedReader in, Hearing hearing) throws Exception {
    String line = next(in);
    while (line != null && !line.strip().equals("/quit")) {
      hearing.hear(line.strip());
      line = next(in);
    }
    if (line == null && Terminal.types()) {
      out.println(); // behind the prompt
    }
  }

  @FunctionalInterface
  private interface Hearing {
    void hear(String line) throws Exception;
  }

  private void hearOrCut(Cut cut, ChatClient client, String line) throws Exception {
    boolean whole =
        cut.during(
            () -> {
              hear(client, line);
              return null;
            });
    if (!whole) {
      out.println();
      out.println("(cut: the conversation goes on as if it had not been asked)");
    }
  }

  /** What a terminal or a pipe is written in: JDK 17 does not say, 18 and newer do. */
  private static Charset charset() {
    String name = System.getProperty("stdin.encoding", System.getProperty("native.encoding"));
    return name == null ? Charset.defaultCharset() : Charset.forName(name);
  }

  private String model() throws InterruptedException {
    String first = server.needed(server.get("/v1/models"), "data").path(0).path("id").asString("");
    if (model == null && first.isEmpty()) {
      throw new StartException("the server lists no model; name one by --model");
    }
    return model == null ? first : model;
  }

  private void begin() {
    messages.clear();
    if (system != null) {
      messages.add(Map.of("role", "system", "content", system));
    }
  }

  private String next(BufferedReader in) throws IOException {
    if (Terminal.types()) {
      out.print(PROMPT);
    }
    out.flush();
    return in.readLine();
  }

  private void hear(ChatClient client, String line) throws InterruptedException {
    switch (line) {
      case "" -> {}
      case "/new" -> begin();
      case "/trace" -> tell(this::trace);
      case "/why" -> tell(this::why);
      default -> answer(client, line);
    }
  }

  /** What can be told, or why it cannot: the conversation goes on. */
  private void tell(Telling telling) throws InterruptedException {
    try {
      out.println(telling.text().stripTrailing());
    } catch (StartException e) {
      complain(e);
    }
  }

  /** The conversation goes on; who pipes one in looks at errors elsewhere. */
  private void complain(StartException e) {
    failed = true;
    if (Terminal.types()) {
      out.println("(" + e.getMessage() + ")");
    } else {
      out.flush();
      spec.commandLine().getErr().println(FailureLine.of(e));
    }
  }

  @FunctionalInterface
  private interface Telling {
    String text() throws InterruptedException;
  }

  private String trace() throws InterruptedException {
    if (last.traceId().isEmpty()) {
      return last.requestId().isEmpty() ? "nothing was asked yet" : "the server does not trace";
    }
    return LastTrace.draw(viewer, last.traceId());
  }

  private String why() throws InterruptedException {
    if (last.requestId().isEmpty()) {
      return "nothing was asked yet";
    }
    String query = "/blame?request=" + RunningServer.encoded(last.requestId());
    JsonNode found = server.get(query).path("requests");
    for (int i = 0; i < TRIES && found.isEmpty(); i++) { // the engine may not have let go yet
      TimeUnit.MILLISECONDS.sleep(TRY_MILLIS);
      found = server.get(query).path("requests");
    }
    return found.isEmpty() ? "the server does not know it any more" : WhyText.of(found.get(0));
  }

  private void answer(ChatClient client, String line) throws InterruptedException {
    if (line.startsWith("/")) {
      out.println("there is no " + line + "; see 'serving chat --help'");
      return;
    }
    List<Map<String, String>> asked = new ArrayList<>(messages);
    asked.add(Map.of("role", "user", "content", line));
    StringBuilder answer = new StringBuilder();
    try {
      last = client.ask(asked, maxTokens, temperature, text -> show(answer, text));
      out.println();
      messages.clear();
      messages.addAll(asked); // what is not answered was not said
      messages.add(Map.of("role", "assistant", "content", answer.toString()));
    } catch (StartException e) {
      out.print(answer.length() == 0 ? "" : System.lineSeparator());
      complain(e);
    }
  }

  private void show(StringBuilder answer, String text) {
    answer.append(text);
    out.print(text);
    out.flush();
  }
}
