package dev.serving.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Renders published templates as {@code transformers} does, errors included. Their text is their
 * publishers' and not in this repository: the test looks for {@code shared/data/chat-templates}
 * beside the checkout, or where the property {@code chat.templates} says, and is skipped elsewhere.
 */
class PublishedTemplatesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Clock FROZEN =
      Clock.fixed(Instant.parse("2024-07-26T09:05:03Z"), ZoneOffset.UTC);

  @TestFactory
  Stream<DynamicTest> everyTemplateRendersEveryConversationAsTransformersDoes() throws Exception {
    Path folder = folder();
    if (folder == null) {
      // A test of its own, for a factory that aborts is not counted as skipped.
      return Stream.of(
          DynamicTest.dynamicTest(
              "published templates",
              () -> abort("no shared/data/chat-templates beside the checkout")));
    }
    Map<String, Map<String, Object>> published =
        JSON.readValue(folder.resolve("templates.json"), new TypeReference<>() {});
    Map<String, Map<String, Object>> conversations =
        JSON.readValue(folder.resolve("conversations.json"), new TypeReference<>() {});
    List<Map<String, String>> golden =
        JSON.readValue(folder.resolve("golden.json"), new TypeReference<>() {});
    return golden.stream()
        .map(
            expected ->
                DynamicTest.dynamicTest(
                    expected.get("t") + " / " + expected.get("c"),
                    () ->
                        check(
                            published.get(expected.get("t")),
                            conversations.get(expected.get("c")),
                            expected)));
  }

  /** Returns where the templates are; null if nowhere. */
  private static Path folder() {
    String given = System.getProperty("chat.templates");
    if (given != null) {
      return Path.of(given);
    }
    for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
      Path folder = dir.resolve("shared/data/chat-templates");
      if (Files.isRegularFile(folder.resolve("golden.json"))) {
        return folder;
      }
    }
    return null;
  }

  private static void check(
      Map<String, Object> published,
      Map<String, Object> conversation,
      Map<String, String> expected) {
    Map<String, Object> variables = new HashMap<>();
    variables.put("tools", null);
    variables.put("documents", null);
    variables.put("bos_token", published.get("bos_token"));
    variables.put("eos_token", published.get("eos_token"));
    if (published.get("extra") instanceof Map<?, ?> extra) {
      extra.forEach((name, value) -> variables.put((String) name, value));
    }
    variables.putAll(conversation);
    String source = (String) published.get("template");
    if (expected.get("err") == null) {
      assertThat(ChatTemplate.compile(source).withClock(FROZEN).render(variables))
          .isEqualTo(expected.get("out"));
      return;
    }
    TemplateException failure =
        catchThrowableOfType(
            TemplateException.class,
            () -> ChatTemplate.compile(source).withClock(FROZEN).render(variables));
    assertThat(failure).as("raises %s", expected.get("err")).isNotNull();
    assertThat(failure.kind().name()).isEqualTo(kindOf(expected.get("err")));
    assertThat(failure.reason()).isEqualTo(expected.get("msg"));
    assertThat(failure.line()).isPositive();
  }

  private static String kindOf(String error) {
    return switch (error) {
      case "TemplateError" -> "RAISED";
      case "TypeError" -> "TYPE";
      case "UndefinedError" -> "UNDEFINED";
      default -> error;
    };
  }
}
