package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.config.ContentConfig;
import dev.serving.trace.config.Redaction;
import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.common.AttributeKey;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** This shows what is said of a request's model, and what of its text. */
class GenAiAttributesTest {
  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  private SeenSpan root(UnaryOperator<TracingConfig.Builder> change) {
    Tracing tracing = recorder.restart(change);
    TraceReqContext request = tracing.startRequest(TraceReqStart.of("r"));
    request.set(
        tracing
            .genAi()
            .put(GenAiAttributes.OPERATION_NAME, "chat")
            .put(GenAiAttributes.USAGE_INPUT_TOKENS, 12L)
            .put(GenAiAttributes.REQUEST_SEED, null)
            .content(
                GenAiAttributes.INPUT_MESSAGES, "write to ann@example.org, key sk-0123456789abcdef")
            .build());
    request.finish();
    return recorder.span("Req");
  }

  @Test
  void currentNamesAloneAndNoTextByDefault() {
    assertThat(root(c -> c).attributes())
        .containsOnlyKeys("rid", "gen_ai.operation.name", "gen_ai.usage.input_tokens");
  }

  @Test
  void oldNamesAreAddedWhereTheyWereOptedInTo() {
    assertThat(root(c -> c.semconv(Set.of("gen_ai/dup"))).attributes())
        .containsEntry("gen_ai.usage.prompt_tokens", 12L)
        .containsEntry("gen_ai.usage.input_tokens", 12L);
  }

  @Test
  void textIsRedactedThenCut() {
    SeenSpan root =
        root(
            c ->
                c.content(
                    content ->
                        content
                            .withCaptured(true)
                            .withMaxChars(30)
                            .withRedaction(Redaction.all())));
    assertThat(root.attribute("gen_ai.input.messages")).isEqualTo("write to [redacted], key [reda");
  }

  @Test
  void aRedactionThatThrowsCostsTheTextAndNothingElse() {
    SeenSpan root =
        root(
            c ->
                c.content(
                    content ->
                        content
                            .withCaptured(true)
                            .withRedaction(
                                text -> {
                                  throw new IllegalStateException();
                                })));
    assertThat(root.attributes()).doesNotContainKey("gen_ai.input.messages");
    assertThat(recorder.faults(TraceFault.UNREADABLE_VALUE)).isEqualTo(1);
  }

  @Test
  void aLongTextIsNotSplitInsideACharacterOrASecret() {
    ContentFilter filter =
        new ContentFilter(
            ContentConfig.DEFAULT
                .withCaptured(true)
                .withMaxChars(5)
                .withRedaction(Redaction.emails()),
            () -> {});
    assertThat(filter.apply("abcd\uD83D\uDE00")).isEqualTo("abcd");
    assertThat(filter.apply("a " + "b".repeat(10) + " somebody@example.org")).startsWith("a bbb");
    assertThat(filter.apply("x".repeat(15) + " somebody@example.org")).doesNotContain("some");
  }

  @Test
  void redactionsKnowTheUsualShapes() {
    assertThat(Redaction.emails().apply("a <b.c+d@e-f.co.uk>!")).isEqualTo("a <[redacted]>!");
    assertThat(Redaction.bearerTokens().apply("Authorization: Bearer abcdef.ghi-jkl="))
        .isEqualTo("Authorization: Bearer [redacted]");
    assertThat(Redaction.keys().apply("api_key = 'hunter22hunter'; ok"))
        .isEqualTo("api_key = '[redacted]'; ok");
    assertThat(
            Redaction.keys()
                .apply("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----."))
        .isEqualTo("[redacted].");
    assertThat(Redaction.all().apply("the secret of a good soup is time"))
        .isEqualTo("the secret of a good soup is time");
  }

  @Test
  void aHostileTextCostsLinearTime() {
    String hostile = "a@".repeat(200_000) + "bearer ".repeat(50_000) + "-----BEGIN ".repeat(50_000);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    assertThat(Redaction.all().apply(hostile)).isNotEmpty();
    assertThat(threads.getCurrentThreadCpuTime() - start).isLessThan(5_000_000_000L);
  }

  @Test
  void offNothingIsCollected() {
    GenAiAttributes off = Tracing.noop().genAi();
    assertThat(off.capturesContent()).isFalse();
    assertThat(off.put(AttributeKey.stringKey("a"), "b").build().isEmpty()).isTrue();
    assertThat(off).isSameAs(Tracing.noop().genAi());
  }
}
