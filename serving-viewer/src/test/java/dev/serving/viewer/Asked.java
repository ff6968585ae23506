package dev.serving.viewer;

import io.opentelemetry.proto.trace.v1.Span;
import java.util.Map;

/** A request whose root says what its time went to, and what was asked and answered. */
final class Asked {
  static final String INPUT =
      "[{\"role\":\"system\",\"parts\":[{\"type\":\"text\",\"content\":\"Be brief.\"}]},"
          + "{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"What is a slice?\"}]}]";
  static final String OUTPUT =
      "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Named work.\"}],"
          + "\"finish_reason\":\"stop\"}]";

  static final String CULPRIT = "c0ffee11".repeat(4);

  private Asked() {}

  /** Its causes in milliseconds are how long it took. */
  static SampleTrace of(
      String id, long zero, String model, long tokensIn, Map<String, Long> causes) {
    return of(id, zero, model, tokensIn, causes, INPUT, OUTPUT);
  }

  static SampleTrace of(
      String id,
      long zero,
      String model,
      long tokensIn,
      Map<String, Long> causes,
      String input,
      String output) {
    long millis = causes.values().stream().mapToLong(it -> it).sum();
    SampleTrace trace = SampleTrace.empty(id, zero);
    Span.Builder root =
        trace
            .span("POST /v1/chat/completions", null, 0, millis * SampleTrace.MILLI)
            .addAttributes(SampleTrace.text("gen_ai.response.model", model))
            .addAttributes(SampleTrace.text("user.id", "team-" + model))
            .addAttributes(SampleTrace.number("gen_ai.usage.input_tokens", tokensIn))
            .addAttributes(SampleTrace.text("gen_ai.input.messages", input))
            .addAttributes(SampleTrace.text("gen_ai.output.messages", output))
            .addAttributes(SampleTrace.text("blame.top", top(causes)))
            .addAttributes(SampleTrace.number("blame.alone_ns", 7))
            .addAttributes(SampleTrace.text("first_token.cause", top(causes)))
            .addAttributes(SampleTrace.number("first_token.ns", 20 * SampleTrace.MILLI))
            .addAttributes(SampleTrace.text("worst_token.cause", "others.prefill"))
            .addAttributes(SampleTrace.number("worst_token.index", 3))
            .addAttributes(SampleTrace.number("worst_token.ns", 5 * SampleTrace.MILLI))
            .addAttributes(SampleTrace.number("worst_token.step", 102))
            .addLinks(
                Span.Link.newBuilder()
                    .setTraceId(SampleTrace.bytes(CULPRIT))
                    .setSpanId(SampleTrace.bytes("0".repeat(14) + "ff"))
                    .addAttributes(SampleTrace.text("link.kind", "blame"))
                    .addAttributes(SampleTrace.text("blame.cause", "others.prefill"))
                    .addAttributes(SampleTrace.number("blame.ns", 3 * SampleTrace.MILLI)));
    causes.forEach(
        (cause, took) ->
            root.addAttributes(
                SampleTrace.number("blame." + cause + "_ns", took * SampleTrace.MILLI)));
    String rootId = trace.any("frontend", root);
    String worker = trace.lane("engine", rootId, "worker", 0, 1, millis);
    String prefill = trace.slice("engine", worker, "PREFILL", 1, 20, null);
    String decode = trace.slice("engine", worker, "DECODE", 20, millis - 1, prefill);
    for (int i = 0; i < 6; i++) {
      long at = (20 + i) * SampleTrace.MILLI;
      trace.any(
          "engine",
          trace
              .span("step", decode, at, at + SampleTrace.MILLI / 2)
              .addAttributes(SampleTrace.number("step", 100 + i))
              .addAttributes(SampleTrace.number("batch.prefill_tokens", i == 4 ? 64 : 0)));
    }
    return trace;
  }

  private static String top(Map<String, Long> causes) {
    return causes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }
}
