package dev.serving.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This shows that a soak sees what it looks for: what is well passes, and what is not does not. */
final class SoakChecksTest {
  @TempDir private Path directory;

  private Endings log(String... lines) throws IOException {
    return Endings.in(Files.write(directory.resolve("log"), List.of(lines)));
  }

  private static String event(String event, String request) {
    return "09:36:13.838 INFO  requests: event=\"%s\" stage=\"X\" request_id=\"%s\" trace_id=\"t\""
        .formatted(event, request);
  }

  @Test
  void requestsThatEndedOnceAreNoneOfThose() throws Exception {
    Endings endings =
        log(
            "09:35:35.453 INFO  trace: Tracing is on",
            event("PREPROCESSING_START", "a"),
            "[engine-0] " + event("INFERENCE_END", "a"),
            event("POSTPROCESSING_END", "a"),
            event("REQUEST_END", "refused"));
    assertThat(endings.ended()).containsExactlyInAnyOrder("a", "refused");
    assertThat(endings.twice()).isEmpty();
    assertThat(endings.never()).isEmpty();
  }

  /** Their number is right: one has ended for the other. */
  @Test
  void oneThatEndedTwiceAndOneThatNeverDidAreNamed() throws Exception {
    Endings endings =
        log(
            event("PREPROCESSING_START", "a"),
            event("PREPROCESSING_START", "b"),
            event("POSTPROCESSING_END", "a"),
            event("REQUEST_END", "a"));
    assertThat(endings.twice()).containsExactly("a");
    assertThat(endings.never()).containsExactly("b");
  }

  private static Scrape spans(int made, int delivered, int dropped, int inFlight) {
    return Scrape.of(
        """
        # HELP serving_spans_made_total Spans.
        serving_spans_made_total{process="engine-0"} %d
        serving_spans_delivered_total{process="engine-0"} %d
        serving_spans_dropped_total{process="engine-0",reason="deadline"} %d
        serving_spans_in_flight{process="engine-0"} %d
        """
            .formatted(made, delivered, dropped, inFlight));
  }

  @Test
  void aSpanThatNobodyKnowsOfIsSeen() {
    Balance balance = new Balance();
    balance.look(spans(10, 7, 1, 2));
    assertThat(balance.check().passed()).isTrue();
    balance.look(spans(12, 8, 1, 2));
    assertThat(balance.check().passed()).isFalse();
    assertThat(balance.check().line()).contains("FAILED", "engine-0 made 12, knows of 11");
  }

  @Test
  void nothingThatWasLookedAtIsNothingThatPassed() {
    assertThat(new Balance().check().passed()).isFalse();
  }

  /** A counter that begins anew is that of the next process of this name. */
  @Test
  void spansOfEveryLifeOfAProcessAreCounted() {
    Balance balance = new Balance();
    balance.look(spans(10, 9, 1, 0));
    balance.look(spans(4, 3, 0, 1));
    assertThat(balance.delivered()).isEqualTo(12);
    assertThat(balance.words()).startsWith("14 made, 12 delivered, 1 dropped");
  }

  @Test
  void growthIsSeenAndNoiseIsNot() {
    assertThat(Check.flat("files", 100, 108, 8).passed()).isTrue();
    assertThat(Check.flat("files", 100, 109, 8).passed()).isFalse();
    assertThat(Check.equal("open", 1, 0).line()).contains("FAILED", "1, not 0");
  }
}
