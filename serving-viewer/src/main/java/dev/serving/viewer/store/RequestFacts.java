package dev.serving.viewer.store;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a trace says of the request behind it, by OpenTelemetry's names for generative AI, their
 * older spellings, and a few of Serving's own; whatever is not said is empty.
 *
 * @param requestId as the server calls it, else as its answer was called
 * @param model that answered, else that was asked for
 * @param status HTTP's, empty for a request that was not HTTP's
 * @param ending why it ended: what cut it short, else what failed, else how generation stopped
 * @param firstTokenNanos from the request's begin to its first token
 * @param tokensIn of the prompt
 * @param tokensOut generated
 * @param ranks that worked on it
 * @param topCause what took most of its time, as its server judged
 */
public record RequestFacts(
    String requestId,
    String model,
    OptionalLong status,
    String ending,
    OptionalLong firstTokenNanos,
    OptionalLong tokensIn,
    OptionalLong tokensOut,
    int ranks,
    String topCause) {

  /** Reads them from the trace's root, and from its stages what the root does not say. */
  public static RequestFacts of(StoredTrace trace) {
    StoredSpan root = trace.root();
    return new RequestFacts(
        text(root, "rid", "gen_ai.response.id", "gen_ai.request.id"),
        text(root, "gen_ai.response.model", "gen_ai.request.model"),
        whole(root, "http.response.status_code", "http.status_code"),
        ending(root),
        firstToken(trace, root),
        whole(root, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
        whole(root, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
        ranks(trace),
        text(root, "blame.top"));
  }

  private static String ending(StoredSpan root) {
    String cut = text(root, "abort_reason", "error.type");
    Object reasons = root.attributes().get("gen_ai.response.finish_reasons");
    if (cut.isEmpty() && reasons instanceof List<?> list) {
      return String.join(", ", list.stream().map(String::valueOf).distinct().toList());
    }
    return cut;
  }

  /** The root says it in seconds; failing that, prefill ends with the first token. */
  private static OptionalLong firstToken(StoredTrace trace, StoredSpan root) {
    OptionalDouble seconds =
        number(
            root,
            "gen_ai.response.time_to_first_chunk",
            "gen_ai.server.time_to_first_token",
            "gen_ai.latency.time_to_first_token");
    if (seconds.isPresent()) {
      return OptionalLong.of(Math.round(seconds.getAsDouble() * 1e9));
    }
    return trace.spans().stream()
        .filter(span -> span.name().equals("PREFILL") && !span.failed())
        .filter(span -> span.text("preempted").isEmpty())
        .mapToLong(span -> span.endNanos() - root.startNanos())
        .min();
  }

  /** Threads of one rank count once; a span without a rank belongs to none. */
  private static int ranks(StoredTrace trace) {
    return (int)
        trace.spans().stream()
            .filter(span -> span.attributes().containsKey("tp_rank"))
            .map(span -> span.text("dp_rank") + "/" + span.text("tp_rank"))
            .distinct()
            .count();
  }

  private static String text(StoredSpan span, String... keys) {
    return Stream.of(keys).map(span::text).filter(it -> !it.isEmpty()).findFirst().orElse("");
  }

  private static OptionalLong whole(StoredSpan span, String... keys) {
    OptionalDouble number = number(span, keys);
    return number.isPresent() ? OptionalLong.of((long) number.getAsDouble()) : OptionalLong.empty();
  }

  private static OptionalDouble number(StoredSpan span, String... keys) {
    Optional<Number> found =
        Stream.of(keys)
            .map(key -> span.attributes().get(key))
            .filter(Objects::nonNull)
            .map(value -> value instanceof Number number ? number : null)
            .filter(Objects::nonNull)
            .filter(number -> Double.isFinite(number.doubleValue()))
            .findFirst();
    return found
        .map(number -> OptionalDouble.of(number.doubleValue()))
        .orElse(OptionalDouble.empty());
  }
}
