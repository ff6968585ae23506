package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This shows that no value of any variable that is read here keeps a server from starting. */
class OddVariablesTest {
  private static final List<String> ODD =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "1",
          "1.5",
          "NaN",
          "true",
          "no",
          "none",
          "2147483647",
          "9223372036854775807",
          "99999999999999999999999",
          "10s",
          "106752d",
          "999999999999999d",
          ",",
          "=",
          "a=b",
          "a=b,c",
          "a=%",
          "*=drop",
          "a b",
          "\u00fc\u0000\uD800",
          "$(X)",
          "/",
          "/dev/null",
          "http://",
          "http://localhost:0",
          "http://..:4318",
          "http://a..b:4318/x",
          "http://-:4318",
          "http://" + "a".repeat(64) + ":4318",
          "http://" + "a.".repeat(127) + "a:4318",
          "http://collector.svc.:4318",
          "http://[::1]:4318/v1/traces#part",
          "http://[::]:65535/a?b=c#d",
          "http://[1:2]:4318",
          "https://my_host:4317/%20/",
          "localhost:99999",
          "unix:///var/run/otel.sock",
          "http://user@host:4318",
          "x".repeat(10_000));

  static Stream<String> variables() {
    return TracingSettings.ROWS.stream()
        .flatMap(row -> row.sources().stream())
        .filter(source -> !source.isOption())
        .map(TracingSettings.Source::name)
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("variables")
  void noValueKeepsAServerFromStarting(String variable) {
    TracingConfig usual = read(Map.of("TRACES_ENABLE", "true"), new ArrayList<>());
    for (String value : ODD) {
      List<String> told = new ArrayList<>();
      Map<String, String> environment = new HashMap<>(Map.of("TRACES_ENABLE", "true"));
      environment.put(variable, value);
      TracingConfig config = read(environment, told);
      assertThat(told).as(variable + "=" + value).hasSizeLessThanOrEqualTo(1);
      assertThat(told).allMatch(line -> line.contains(variable) || line.contains("CLIENT_KEY"));
      if (!config.equals(usual)) {
        startAndStop(config);
      }
    }
  }

  private static TracingConfig read(Map<String, String> environment, List<String> told) {
    return TracingSettings.read(Map.of(), environment, told::add);
  }

  private static void startAndStop(TracingConfig config) {
    TracingConfig brief =
        config.toBuilder()
            .closedAtExit(false)
            .batch(b -> b.withShutdown(Duration.ofMillis(1)))
            .build();
    if (brief.active()) {
      TracingStart.pipeline(brief, new TracingMetrics()).close();
    }
    try (Tracing tracing = Tracing.start(brief, SpanExporter.composite());
        TraceReqContext request = tracing.startRequest(TraceReqStart.of("r"))) {
      request.lane().slice("S").set("text", "t").end();
    }
  }

  @Test
  void aTimeForWhichNobodyWaitsIsForEver() {
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
    TracingConfig patient =
        TracingConfig.builder()
            .enabled(true)
            .abandonAfter(forEver)
            .otlp(o -> o.withTimeout(forEver).withEndpoint("http://localhost:1"))
            .batch(b -> b.withDeadline(forEver).withDelay(forEver))
            .build();
    startAndStop(patient);
  }
}
