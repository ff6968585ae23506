package dev.serving.trace.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.TraceThreadContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** This shows what a whole trace is, and how each way not to be one is told. */
class TraceTreeTest {
  @RegisterExtension final TraceRecorder recorder = new TraceRecorder(Transport.HTTP);

  private List<SeenSpan> request() {
    try (TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
        TraceThreadContext lane = request.lane()) {
      lane.slice("PREFILL").end();
      recorder.clock.addAndGet(1_000);
      lane.slice("DECODE").end();
    }
    return new ArrayList<>(recorder.spans());
  }

  @Test
  void aWholeTraceLetsItselfBeAsked() {
    request();
    TraceTree tree = recorder.tree();
    assertThat(tree.only("DECODE").linkedIds()).containsExactly(tree.only("PREFILL").spanId());
    assertThat(tree.parent(tree.parent(tree.only("DECODE")))).isEqualTo(tree.root());
    assertThat(tree.truncated()).isEmpty();
  }

  @Test
  void aSpanDeliveredTwiceIsOne() {
    List<SeenSpan> spans = request();
    spans.addAll(List.copyOf(spans));
    assertThat(TraceTree.check(spans).names()).hasSize(4);
  }

  @Test
  void anOrphanALooseLinkAndAMissingRootAreTold() {
    List<SeenSpan> spans = request();
    assertThatThrownBy(() -> TraceTree.check(without(spans, "main")))
        .hasMessageContaining("parent");
    assertThatThrownBy(() -> TraceTree.check(without(spans, "PREFILL")))
        .hasMessageContaining("DECODE links to");
    assertThatThrownBy(() -> TraceTree.check(without(spans, "Req")))
        .hasMessageContaining("0 roots");
    assertThatThrownBy(() -> TraceTree.check(List.of())).hasMessageContaining("no spans");
  }

  @Test
  void aLinkToAnotherTraceIsNotMissed() {
    List<SeenSpan> spans = request().stream().map(TraceTreeTest::linkedElsewhere).toList();

    assertThat(TraceTree.check(spans).root().links()).hasSize(1);
  }

  private static SeenSpan linkedElsewhere(SeenSpan span) {
    if (!span.name().equals("Req")) {
      return span;
    }
    return new SeenSpan(
        span.name(),
        span.kind(),
        span.traceId(),
        span.spanId(),
        span.parentId(),
        span.start(),
        span.end(),
        span.attributes(),
        List.of(new SeenSpan.Link("0123456789abcdef0123456789abcdef", "0123456789abcdef")),
        span.events(),
        span.error(),
        span.message(),
        span.resource());
  }

  private static List<SeenSpan> without(List<SeenSpan> spans, String name) {
    return spans.stream().filter(span -> !span.name().equals(name)).toList();
  }
}
