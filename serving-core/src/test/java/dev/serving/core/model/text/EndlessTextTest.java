package dev.serving.core.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is known of a text's tokens without reading it. */
class EndlessTextTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String NO = "null";

  @Test
  void aTextThatCannotFitIsRefusedUnread() {
    try (Tokenizer tokenizer = Tokenizer.open(Path.of("../models/serving-demo"))) {
      String text = "a".repeat(8_000_000);
      tokenizer.refuseBeyond(512);
      assertThatThrownBy(() -> tokenizer.encode(text))
          .isInstanceOf(EndlessTextException.class)
          .hasMessageContaining("512");
      assertThat(tokenizer.encode("word ".repeat(2000)).length).isGreaterThan(512); // cheap to read
      tokenizer.refuseBeyond(10_000_000);
      assertThat(tokenizer.encode("a".repeat(100_000))).isNotEmpty();
    }
  }

  @Test
  void theBoundIsTheLongestPieceAndWhatNormalizingMayTakeAway() {
    assertThat(longest(NO, NO, "[]")).isEqualTo(12);
    assertThat(longest("{\"type\": \"NFC\"}", NO, "[]")).isEqualTo(36);
    assertThat(longest(NO, "{\"type\": \"Split\", \"behavior\": \"Isolated\"}", "[]"))
        .isEqualTo(12);
    assertThat(
            longest(
                "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"_\"}",
                NO,
                "[]"))
        .isEqualTo(12);
  }

  @Test
  void nothingIsSaidOfTokenizersThatDropText() {
    assertThat(longest("{\"type\": \"Strip\"}", NO, "[]")).isZero();
    assertThat(
            longest(
                "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFC\"},"
                    + " {\"type\": \"StripAccents\"}]}",
                NO,
                "[]"))
        .isZero();
    assertThat(
            longest(
                "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \" +\"}, \"content\": \" \"}",
                NO,
                "[]"))
        .isZero();
    assertThat(longest(NO, "{\"type\": \"WhitespaceSplit\"}", "[]")).isZero();
    assertThat(longest(NO, "{\"type\": \"Split\", \"behavior\": \"Removed\"}", "[]")).isZero();
    assertThat(longest(NO, NO, "[{\"content\": \"<|end|>\", \"rstrip\": true}]")).isZero();
  }

  private static int longest(String normalizer, String preTokenizer, String added) {
    PieceBytes bytes = new PieceBytes(node("{\"type\": \"ByteLevel\"}"));
    List<String> pieces = Arrays.asList("a", null, "twelve bytes");
    return LongestToken.of(node(normalizer), node(preTokenizer), node(added), pieces, bytes);
  }

  private static JsonNode node(String json) {
    return JSON.readTree(json);
  }
}
