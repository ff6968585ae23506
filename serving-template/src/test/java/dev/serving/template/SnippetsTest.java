package dev.serving.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each construct that this library has, and each error, against what {@code transformers} makes of
 * it; {@code tools/parity/template_golden.py} asked it.
 */
class SnippetsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Clock FROZEN =
      Clock.fixed(Instant.parse("2024-07-06T09:05:03Z"), ZoneOffset.UTC);

  /** Python's kinds of errors; those of lookups and numbers are one here. */
  private static final Map<String, TemplateException.Kind> KINDS =
      Map.ofEntries(
          Map.entry("TemplateSyntaxError", TemplateException.Kind.SYNTAX),
          Map.entry("SyntaxError", TemplateException.Kind.SYNTAX),
          Map.entry("TemplateAssertionError", TemplateException.Kind.SYNTAX),
          Map.entry("TemplateRuntimeError", TemplateException.Kind.VALUE),
          Map.entry("UndefinedError", TemplateException.Kind.UNDEFINED),
          Map.entry("TypeError", TemplateException.Kind.TYPE),
          Map.entry("ValueError", TemplateException.Kind.VALUE),
          Map.entry("ZeroDivisionError", TemplateException.Kind.VALUE),
          Map.entry("OverflowError", TemplateException.Kind.LIMIT),
          Map.entry("TemplateError", TemplateException.Kind.RAISED),
          Map.entry("SecurityError", TemplateException.Kind.SECURITY));

  private static <T> T read(String name, TypeReference<T> type) throws IOException {
    try (InputStream in = SnippetsTest.class.getResourceAsStream("/template/" + name)) {
      return JSON.readValue(in, type);
    }
  }

  private static String source(String template) throws IOException {
    if (!template.endsWith(".jinja")) {
      return template;
    }
    try (InputStream in = SnippetsTest.class.getResourceAsStream("/template/" + template)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @TestFactory
  Stream<DynamicTest> everySnippetDoesWhatItDoesInTransformers() throws IOException {
    Map<String, Object> variables = read("variables.json", new TypeReference<>() {});
    List<Map<String, String>> golden = read("golden.json", new TypeReference<>() {});
    return golden.stream()
        .map(
            expected ->
                DynamicTest.dynamicTest(
                    expected.get("template").replace('\n', '\u23ce'),
                    () -> check(expected, variables)));
  }

  private static void check(Map<String, String> expected, Map<String, Object> variables)
      throws IOException {
    String source = source(expected.get("template"));
    if (expected.get("error") == null) {
      assertThat(ChatTemplate.compile(source).withClock(FROZEN).render(variables))
          .isEqualTo(expected.get("out"));
      return;
    }
    assertThatThrownBy(() -> ChatTemplate.compile(source).withClock(FROZEN).render(variables))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(KINDS.get(expected.get("error")));
              assertThat(e.line()).isPositive();
              assertThat(e.column()).isPositive();
              if (saysTheSame(e.kind())) {
                assertThat(e.reason()).isEqualTo(expected.get("message"));
              }
            });
  }

  /**
   * The words of undefined values and of refusals are Jinja's; others may be clearer than theirs.
   */
  private static boolean saysTheSame(TemplateException.Kind kind) {
    return kind == TemplateException.Kind.UNDEFINED
        || kind == TemplateException.Kind.RAISED
        || kind == TemplateException.Kind.SECURITY;
  }
}
