package dev.serving.cli;

import dev.serving.core.config.BlameLimits;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Tells why a request of a running server was slow. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    defaultValueProvider = Settings.class,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG},
    sortOptions = false,
    description = {
      "Tell why a request was slow: what its time went to, and who was the cause.",
      "",
      "  serving why chatcmpl-0123456789abcdef     a request, by its id or its trace's",
      "  serving why --slowest 3                   the slowest of the last requests"
    })
final class WhyCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "REQUEST",
      description = "Id of a request, or of its trace (the answer's header x-trace-id).")
  private String request;

  @Option(
      names = "--slowest",
      paramLabel = "N",
      description =
          "The slowest of the last "
              + BlameLimits.KEPT
              + " requests (default: "
              + BlameLimits.TOLD
              + ", where no id is given).")
  private Integer slowest;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  @Mixin private RunningServer server;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (request != null && slowest != null) {
      throw new IllegalArgumentException("ask for a request or for the --slowest, not both");
    }
    Numbers.atLeast(1, "--slowest", slowest);
    JsonNode answer = server.get("/blame?" + query());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(answer);
      return 0;
    }
    List<JsonNode> found = server.needed(answer, "requests").valueStream().toList();
    if (found.isEmpty()) {
      throw new StartException(nothing());
    }
    for (int i = 0; i < found.size(); i++) {
      out.print((i == 0 ? "" : "\n") + WhyText.of(found.get(i)));
      out.flush();
    }
    return 0;
  }

  private String query() {
    return request == null
        ? "slowest=" + (slowest == null ? BlameLimits.TOLD : slowest)
        : "request=" + RunningServer.encoded(request);
  }

  private String nothing() {
    return request == null
        ? "the server has answered no request yet"
        : "the server knows no request or trace %s among its last %d"
            .formatted(request, BlameLimits.KEPT);
  }
}
