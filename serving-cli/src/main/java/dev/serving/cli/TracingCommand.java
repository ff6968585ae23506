package dev.serving.cli;

import dev.serving.core.message.TracingLevels;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Reads and changes what a running server traces. */
@Command(
    name = "tracing",
    mixinStandardHelpOptions = true,
    defaultValueProvider = Settings.class,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG},
    sortOptions = false,
    description = {
      "Show what a running server traces, or change it for requests from now on:",
      "",
      "  serving tracing",
      "  serving tracing --level 3 --sample-ratio 0.1"
    })
final class TracingCommand implements Callable<Integer> {
  @Option(
      names = "--level",
      paramLabel = "0-3",
      description = "1 stages, 2 also hand-overs and every rank, 3 also chunks and steps; 0 none.")
  private Integer level;

  @Option(
      names = "--modules",
      paramLabel = "NAME",
      split = ",",
      arity = "0..*",
      description = "Trace the requests of these modules alone (frontend, engine); none: of all.")
  private List<String> modules;

  @Option(
      names = "--sample-ratio",
      paramLabel = "0-1",
      description = "Share of requests that are traced.")
  private Double ratio;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  @Mixin private RunningServer server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Numbers.within(TracingLevels.MOST, "--level", level);
    Numbers.within(1, "--sample-ratio", ratio);
    Map<String, Object> change = change();
    print(change.isEmpty() ? server.get("/tracing") : server.put("/tracing", change));
    return 0;
  }

  private Map<String, Object> change() {
    Map<String, Object> change = new LinkedHashMap<>();
    if (level != null) {
      change.put("level", level);
    }
    if (modules != null) {
      change.put("modules", modules);
    }
    if (ratio != null) {
      change.put("sample_ratio", ratio);
    }
    return change;
  }

  private void print(JsonNode tracing) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(tracing);
      return;
    }
    out.println(
        "tracing       " + (server.needed(tracing, "enabled").asBoolean(false) ? "on" : "off"));
    out.println("level         " + tracing.path("level"));
    out.println("modules       " + modules(tracing.path("modules")));
    out.println("sample ratio  " + ratio(tracing.path("sample_ratio")));
  }

  private static String modules(JsonNode modules) {
    List<String> names = modules.valueStream().map(JsonNode::asString).toList();
    return names.isEmpty() ? "all" : String.join(", ", names);
  }

  private static String ratio(JsonNode ratio) {
    return ratio.isNull() ? "by a sampler of another kind" : ratio.toString();
  }
}
