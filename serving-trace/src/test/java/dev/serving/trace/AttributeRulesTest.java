package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.trace.config.AttributeRules;
import dev.serving.trace.config.TracingConfigException;
import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.common.Attributes;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** This shows how attributes are dropped, hashed or cut by name before they leave. */
class AttributeRulesTest {
  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  private TraceReqContext request(String rules) {
    recorder.restart(
        c ->
            TracingConfig.fromEnvironment(Map.of("SERVING_TRACE_ATTRIBUTES", rules)).toBuilder()
                .enabled(true));
    recorder.tracing().threadInfo("main");
    return recorder.tracing().startRequest(TraceReqStart.of("r"));
  }

  @Test
  void onEveryLevelAndOnEvents() {
    try (TraceReqContext request = request("user.email=drop, user.*=hash,url=cut:4,rid=drop")) {
      request.set("user.email", "ann@example.org").set("user.id", "ann").set("url", "http://x");
      try (TraceThreadContext lane = request.lane().set("user.deep.id", 7);
          TraceSlice slice = lane.slice("S").set("url", "ab").set("tokens", 7)) {
        slice.event("e", 0, Attributes.builder().put("user.email", "ann@example.org").build());
      }
    }
    assertThat(recorder.span("Req").attributes()).containsOnlyKeys("user.id", "url");
    assertThat(recorder.span("Req").attribute("url")).isEqualTo("http");
    assertThat(recorder.span("Req").attribute("user.id").toString()).matches("[0-9a-f]{64}");
    assertThat(recorder.span("main").attribute("user.deep.id").toString()).hasSize(64);
    assertThat(recorder.span("S").attributes())
        .containsOnly(Map.entry("url", "ab"), Map.entry("tokens", 7L));
    assertThat(recorder.span("S").events().get(0).attributes()).isEmpty();
  }

  @Test
  void aMessageThatIsDroppedIsNotTheStatusEither() {
    request("exception.message=drop,exception.stacktrace=drop")
        .fail(new IllegalStateException("secret"));
    assertThat(recorder.span("Req").error()).isTrue();
    assertThat(recorder.span("Req").toString()).doesNotContain("secret");
  }

  @Test
  void aRuleThatIsNoneIsRefusedInWords() {
    for (String wrong :
        new String[] {
          "a",
          "=drop",
          "a=keep",
          "a=cut:",
          "a=cut:-1",
          "a*=drop",
          "*.a=drop",
          "a.*.b=drop",
          "**=drop"
        }) {
      assertThatThrownBy(() -> AttributeRules.parse(wrong))
          .isInstanceOf(TracingConfigException.class)
          .hasMessageContaining("NAME=hash");
    }
    assertThat(AttributeRules.parse(" ")).isSameAs(AttributeRules.NONE);
  }
}
