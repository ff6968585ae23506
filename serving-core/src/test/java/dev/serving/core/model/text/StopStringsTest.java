package dev.serving.core.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** This shows that text ends at a stop string, however it was cut on the way. */
class StopStringsTest {
  @Test
  void textBeforeAStopStringIsReturnedAndNothingAfterIt() {
    StopStrings stops = new StopStrings(List.of("END"));
    assertThat(stops.push("one E")).isEqualTo("one ");
    assertThat(stops.push("N")).isEmpty();
    assertThat(stops.push("D two")).isEmpty();
    assertThat(stops.matched()).contains("END");
    assertThat(stops.push("three")).isEmpty();
    assertThat(stops.flush()).isEmpty();
  }

  @Test
  void aBeginningThatComesToNothingIsReturned() {
    StopStrings stops = new StopStrings(List.of("\n\nUser:"));
    assertThat(stops.push("a\n")).isEqualTo("a");
    assertThat(stops.push("\nUs")).isEmpty();
    assertThat(stops.push("ual")).isEqualTo("\n\nUsual");
    assertThat(stops.push("\n")).isEmpty();
    assertThat(stops.flush()).isEqualTo("\n");
    assertThat(stops.matched()).isEmpty();
  }

  @Test
  void theStopStringThatIsCompleteFirstWins() {
    StopStrings stops = new StopStrings(List.of("abcd", "bc", "c"));
    assertThat(stops.push("xabcd")).isEqualTo("xa");
    assertThat(stops.matched()).contains("bc");
  }

  @Test
  void withoutStopStringsTextPassesAtOnce() {
    StopStrings stops = new StopStrings(List.of());
    assertThat(stops.push("anything")).isEqualTo("anything");
  }

  @Test
  void anEmptyStopStringIsRefused() {
    assertThatThrownBy(() -> new StopStrings(List.of("")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leave it out");
  }

  @Test
  void everyCutGivesWhatTheWholeTextGives() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        stops.add(word(random, 1 + random.nextInt(4)));
      }
      String text = word(random, random.nextInt(24));
      StopStrings whole = new StopStrings(stops);
      String expected = whole.push(text) + whole.flush();
      StopStrings cut = new StopStrings(stops);
      StringBuilder got = new StringBuilder();
      for (int at = 0; at < text.length(); ) {
        int next = Math.min(text.length(), at + random.nextInt(4));
        got.append(cut.push(text.substring(at, next)));
        at = next;
      }
      got.append(cut.flush());
      assertThat(got.toString()).as("%s in %s", stops, text).isEqualTo(expected);
      assertThat(cut.matched()).as("%s in %s", stops, text).isEqualTo(whole.matched());
      assertThat(whole.matched().isPresent()).isEqualTo(stops.stream().anyMatch(text::contains));
    }
  }

  private static String word(Random random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }
}
