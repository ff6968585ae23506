package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This shows how the processes live and end together. */
final class ProcessesTest {
  private static final String QUESTION =
      """
      {"model": "serving-demo", "messages": [{"role": "user", "content": "What is a lane?"}],
       "max_tokens": 8}""";

  @Test
  void anUnreachableTraceEndpointDoesNotKeepAnybodyFromBeingServed() throws Exception {
    try (ServingProcess serving =
        ServingProcess.serve("--trace-enable", "--otlp-traces-endpoint", "http://127.0.0.1:1")) {
      assertThat(serving.post("/v1/chat/completions", QUESTION).statusCode()).isEqualTo(200);
      assertThat(serving.post("/v1/chat/completions", "{\"model").statusCode()).isEqualTo(400);
      assertThat(serving.terminate()).isZero();
    }
  }

  @Test
  void noChildOutlivesAServerThatWasKilled() throws Exception {
    try (ServingProcess serving = ServingProcess.serve("--tensor-parallel-size", "2")) {
      List<ProcessHandle> children = serving.process().descendants().toList();
      assertThat(children).hasSize(2);

      serving.process().destroyForcibly();

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    }
  }
}
