package dev.serving.core.model.text;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** What {@code tools/parity/text_golden.py} made: small tokenizers and their work. */
record TextGolden(List<Encoded> texts, List<Prompt> prompts) {
  record Encoded(String text, int[] ids, int[] prompt, String decoded) {}

  record Prompt(List<Map<String, Object>> messages, String text, int[] ids) {}

  static Stream<String> names() {
    return Stream.of("byte-level", "byte-fallback", "unigram");
  }

  static Path directory(String name) {
    try {
      return Path.of(TextGolden.class.getResource("/text/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static TextGolden read(String name) {
    return JsonMapper.builder()
        .build()
        .readValue(directory(name).resolve("golden.json"), TextGolden.class);
  }

  /** Text of many scripts, so that characters of one to four bytes and rare ones meet. */
  static String randomText(Random random) {
    String alphabet = "ab E.\n  \t0Жñ€你😀👍🏽ꙮ\u0301\u200d<|>_";
    int[] characters = alphabet.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      text.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return text.toString();
  }
}
