package dev.serving.trace;

import dev.serving.trace.config.AttributeRules;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.config.SamplingConfig;
import dev.serving.trace.config.TraceExporterKind;
import dev.serving.trace.config.TracingConfigException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** How the text of a setting gets into the builder; {@link TracingSettings} says which is whose. */
final class SettingReaders {
  private SettingReaders() {}

  // FastDeploy turns tracing on for these values and off for all others, without a word.
  static void gate(TracingConfig.Builder builder, String name, String value, Set<String> on) {
    builder.enabled(on.contains(value.toLowerCase(Locale.ROOT)), name + "=" + shown(value));
  }

  static void asTyped(TracingConfig.Builder builder, String value) {
    builder.enabled(
        Values.bool(value), Values.bool(value) ? "--trace-enable" : "--no-trace-enable");
  }

  static void disable(TracingConfig.Builder builder, String value) {
    if (Values.bool(value)) {
      builder.enabled(false, "OTEL_SDK_DISABLED=true");
    }
  }

  private static String shown(String value) {
    String start = value.substring(0, Math.min(20, value.length()));
    return start.replaceAll("[^\\w.,/-]", "?");
  }

  static void exporter(TracingConfig.Builder builder, String value) {
    List<String> known = new ArrayList<>();
    for (String name : Values.set(value.toLowerCase(Locale.ROOT))) {
      if (Set.of("otlp", "console", "logging", "none").contains(name)) {
        known.add(name);
      }
    }
    if (known.isEmpty()) {
      throw new TracingConfigException("expected otlp, console or none");
    }
    switch (known.get(0)) {
      case "otlp" -> builder.exporter(TraceExporterKind.OTLP);
      case "none" -> builder.exporter(TraceExporterKind.NONE);
      default -> builder.exporter(TraceExporterKind.CONSOLE);
    }
    if (value.contains(",")) {
      builder.note("spans go to one place; of the list, " + known.get(0) + " is taken");
    }
  }

  static void protocol(TracingConfig.Builder builder, String value) {
    switch (value.toLowerCase(Locale.ROOT)) {
      case "grpc" -> builder.otlp(o -> o.withProtocol(OtlpProtocol.GRPC));
      case "http/protobuf" -> builder.otlp(o -> o.withProtocol(OtlpProtocol.HTTP_PROTOBUF));
      case "http/json" -> {
        builder.otlp(o -> o.withProtocol(OtlpProtocol.HTTP_PROTOBUF));
        builder.note("http/json is not spoken here; http/protobuf is, to the same address");
      }
      default -> throw new TracingConfigException("expected grpc or http/protobuf");
    }
  }

  static void headers(TracingConfig.Builder builder, String value) {
    headers(builder, value, Values::pair);
  }

  // FastDeploy sends its own as they stand; a '%' there need not be OpenTelemetry's.
  static void headersOfFastDeploy(TracingConfig.Builder builder, String value) {
    headers(builder, value, Values::pairAsItStands);
  }

  private static void headers(
      TracingConfig.Builder builder,
      String value,
      Function<String, Map.Entry<String, String>> reading) {
    Map<String, String> good = new LinkedHashMap<>();
    int bad = 0;
    for (String part : Values.set(value)) {
      try {
        Map.Entry<String, String> pair = reading.apply(part);
        good.putAll(OtlpConfig.DEFAULT.withHeader(pair.getKey(), pair.getValue()).headers());
      } catch (TracingConfigException e) {
        bad++;
      }
    }
    if (good.isEmpty()) {
      throw new TracingConfigException("expected key=value pairs, separated by commas");
    }
    builder.otlp(o -> o.withHeaders(good));
    if (bad > 0) {
      builder.note(bad + " of its entries are not key=value and are left out");
    }
  }

  // What other samplers take as their argument is nothing to judge.
  static void samplerArgument(TracingConfig.Builder builder, String value) {
    builder.sampling(
        s ->
            s.kind() == SamplingConfig.Kind.TRACE_ID_RATIO ? s.withRatio(Values.number(value)) : s);
  }

  /** Takes the rules that are rules, so that one slip lets no other secret out. */
  static void attributeRules(TracingConfig.Builder builder, String value) {
    List<String> good = new ArrayList<>();
    Set<String> all = Values.set(value);
    String expected = "";
    for (String rule : all) {
      try {
        var unused = AttributeRules.parse(rule);
        good.add(rule);
      } catch (TracingConfigException e) {
        expected = e.getMessage();
      }
    }
    builder.attributeRules(AttributeRules.parse(String.join(",", good)));
    if (!expected.isEmpty()) {
      int bad = all.size() - good.size();
      builder.note(bad + " of its entries are no rules and are left out; " + expected);
    }
  }

  static boolean gzip(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "gzip" -> true;
      case "none" -> false;
      default -> throw new TracingConfigException("expected gzip or none");
    };
  }

  static int level(String value) {
    int level = Values.wholeNumber(value);
    if (!TraceLevel.isNumber(level)) {
      throw new TracingConfigException("expected 0, 1, 2 or 3");
    }
    return level;
  }

  static void propagators(TracingConfig.Builder builder, String value) {
    Set<String> names = Values.set(value.toLowerCase(Locale.ROOT));
    Set<String> known = new LinkedHashSet<>(names);
    known.retainAll(Set.of("tracecontext", "baggage"));
    if (known.isEmpty() && !names.contains("none")) {
      throw new TracingConfigException("expected tracecontext, baggage or none");
    }
    builder.propagators(known);
    if (!names.equals(known) && !names.equals(Set.of("none"))) {
      String kept = known.isEmpty() ? "none" : String.join(" and ", known);
      builder.note("of the list, " + kept + " is understood");
    }
  }

  static void resource(TracingConfig.Builder builder, String value) {
    Map<String, String> pairs = Values.pairs(value);
    pairs.remove("service.name", ""); // no name is as good as none, and a backend lists it
    AttributesBuilder attributes = Attributes.builder();
    pairs.forEach((k, v) -> attributes.put(AttributeKey.stringKey(k), v));
    builder.service(s -> s.withAttributes(attributes.build()));
  }

  // What OTEL_RESOURCE_ATTRIBUTES says of it goes before FastDeploy's variable.
  static void jobId(TracingConfig.Builder builder, String value) {
    builder.service(
        s ->
            s.attributes().get(AttributeKey.stringKey("job_id")) == null
                ? s.withAttribute("job_id", value)
                : s);
  }

  // A service.name among OTEL_RESOURCE_ATTRIBUTES goes before FastDeploy's variable.
  static void fallbackServiceName(TracingConfig.Builder builder, String value) {
    builder.service(
        s ->
            s.attributes().get(AttributeKey.stringKey("service.name")) == null
                ? s.withName(value)
                : s);
  }
}
