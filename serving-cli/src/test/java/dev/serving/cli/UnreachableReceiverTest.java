package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** This shows that a server whose traces reach nobody answers, and ends, as any other. */
final class UnreachableReceiverTest {
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
}
