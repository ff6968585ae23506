package dev.serving.cli;

import dev.serving.viewer.chart.LaneText;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Lists traces and draws one in the terminal. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    defaultValueProvider = Settings.class,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG},
    sortOptions = false,
    description = {
      "List the newest traces of a viewer or of Jaeger, or draw one:",
      "",
      "  serving trace",
      "  serving trace --slowest 5",
      "  serving trace --id 4bf92f3577b34da6a3ce929d0e0e4736",
      "  serving trace --url http://localhost:16686        Jaeger's"
    })
final class TraceCommand implements Callable<Integer> {
  /** Among how many of each service's newest traces the slowest are looked for. */
  private static final int AMONG = 1000;

  private static final int COLUMNS = 80;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  @Option(names = "--id", paramLabel = "TRACE", description = "Draw this trace's lanes.")
  private String id;

  @Option(
      names = "--slowest",
      paramLabel = "N",
      description = "List the N slowest of the newest " + AMONG + " traces of each service.")
  private Integer slowest;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "List as many of the newest (default: ${DEFAULT-VALUE}).")
  private int limit = 20;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "List traces of this service alone (default: of all).")
  private String service;

  @Option(names = "--json", description = "Print traces as Jaeger's API tells them.")
  private boolean json;

  @Variable("SERVING_VIEWER_URL")
  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = HttpAddress.class,
      description =
          "Address of the viewer or of Jaeger's page, also by the variable SERVING_VIEWER_URL"
              + " (default: ${DEFAULT-VALUE}). A viewer's token, if it asks for one, is taken from"
              + " SERVING_API_KEY.")
  private URI url = URI.create("http://127.0.0.1:4318");

  @Spec private CommandSpec spec;

  private PrintWriter out;
  private RunningServer api;

  @Override
  public Integer call() throws InterruptedException {
    Numbers.atLeast(1, "--limit", limit);
    Numbers.atLeast(1, "--slowest", slowest);
    out = spec.commandLine().getOut();
    api = new RunningServer(url, "start one by 'serving viewer'");
    if (id == null) {
      list(search());
    } else {
      data("/api/traces/" + RunningServer.encoded(id)).forEach(this::draw);
    }
    return 0;
  }

  private List<Told> search() throws InterruptedException {
    Map<String, JsonNode> byId = new LinkedHashMap<>(); // one trace may be of several services
    int most = slowest == null ? limit : AMONG;
    for (String name : services()) {
      data("/api/traces?service=" + RunningServer.encoded(name) + "&limit=" + most)
          .forEach(trace -> byId.put(trace.path("traceID").asString(""), trace));
    }
    Comparator<Told> order =
        slowest == null
            ? Comparator.comparingLong(told -> -told.trace().startNanos())
            : Comparator.comparingLong(told -> -told.trace().durationNanos());
    return byId.values().stream()
        .map(trace -> new Told(trace, read(trace)))
        .sorted(order)
        .limit(slowest == null ? limit : slowest)
        .toList();
  }

  private List<String> services() throws InterruptedException {
    return service != null
        ? List.of(service)
        : data("/api/services").stream().map(name -> name.asString("")).toList();
  }

  private List<JsonNode> data(String path) throws InterruptedException {
    return api.needed(api.get(path), "data").valueStream().toList();
  }

  private StoredTrace read(JsonNode trace) {
    try {
      return JaegerTrace.read(trace);
    } catch (IllegalArgumentException e) {
      throw new StartException(url + " tells of a trace that is none: " + e.getMessage(), e);
    }
  }

  private void draw(JsonNode trace) {
    out.print(json ? trace + System.lineSeparator() : LaneText.draw(read(trace), COLUMNS));
  }

  private void list(List<Told> traces) {
    if (json) {
      traces.forEach(told -> out.println(told.json()));
      return;
    }
    if (traces.isEmpty()) {
      out.println("no traces at " + url);
      return;
    }
    out.println("began        lasts  spans  trace                             what");
    traces.forEach(told -> out.println(row(told.trace())));
  }

  private static String row(StoredTrace trace) {
    boolean failed = trace.spans().stream().anyMatch(StoredSpan::failed);
    String row =
        "%s %9s %6d  %s  %s%s"
            .formatted(
                TIME.format(Instant.ofEpochSecond(0, trace.startNanos())),
                "%,.1f ms".formatted(trace.durationNanos() / 1e6),
                trace.spans().size(),
                trace.traceId(),
                failed ? "failed: " : "",
                SafeText.of(trace.root().name(), false));
    return row.length() <= COLUMNS ? row : row.substring(0, COLUMNS - 1) + "…";
  }

  /** A trace as it was told, and as it was read: once, however often it is compared. */
  private record Told(JsonNode json, StoredTrace trace) {}
}
