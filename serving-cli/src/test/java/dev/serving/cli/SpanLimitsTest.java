package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.testing.SeenSpan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This shows that the limits of spans are the same in frontend, engine and ranks. */
final class SpanLimitsTest {
  private static final String CHAT =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"max_tokens\": 3}";

  @TempDir Path directory;

  @Test
  void everyProcessCutsValuesAndCountsAttributesAlike() throws Exception {
    Map<String, String> limits =
        Map.of("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4", "OTEL_ATTRIBUTE_COUNT_LIMIT", "3");
    try (OtlpReceiver receiver = new OtlpReceiver();
        ServingProcess serving =
            ServingProcess.serveWith(
                limits,
                directory.resolve("log"),
                "--threads=1",
                "--tensor-parallel-size=2",
                "--trace-enable",
                "--trace-level=3",
                "--otlp-traces-endpoint=" + receiver.uri())) {
      assertThat(serving.post("/v1/chat/completions", CHAT).statusCode()).isEqualTo(200);
      await().until(() -> processes(receiver.spans()) == 3);
      for (SeenSpan span : receiver.spans()) {
        assertThat(span.attributes()).as(span.name()).hasSizeLessThanOrEqualTo(3);
        assertThat(span.attributes().values().stream().filter(String.class::isInstance))
            .as(span.name())
            .allSatisfy(value -> assertThat((String) value).hasSizeLessThanOrEqualTo(4));
      }
    }
  }

  private static int processes(List<SeenSpan> spans) {
    return spans.stream()
        .map(span -> span.resource().get("process.pid"))
        .collect(Collectors.toSet())
        .size();
  }
}
