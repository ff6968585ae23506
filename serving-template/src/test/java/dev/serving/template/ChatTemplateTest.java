package dev.serving.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** This shows that a template renders messages, evaluates none, and says where it fails. */
class ChatTemplateTest {
  private static String render(String template, String name, Object value) {
    Map<String, Object> variables = new HashMap<>();
    variables.put(name, value);
    return ChatTemplate.compile(template).render(variables);
  }

  @Test
  void aTemplateRendersMessages() {
    String template = "{% for m in messages %}<|{{ m.role }}|>{{ m.content | trim }}\n{% endfor %}";
    List<Map<String, String>> messages =
        List.of(
            Map.of("role", "user", "content", " Hello "),
            Map.of("role", "assistant", "content", "Hi"));
    assertThat(render(template, "messages", messages))
        .isEqualTo("<|user|>Hello\n<|assistant|>Hi\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '`',
      value = {
        "a{{ x | nosuch }}§1§9§No filter named 'nosuch'.",
        "a⏎  {{ x is nosuch }}§2§11§No test named 'nosuch'.",
        "a⏎b⏎{% include 'x' %}§3§4§the tag 'include' is not supported",
        "{% do x %}§1§4§the tag 'do' is not supported",
        "{% nosuch %}§1§4§Encountered unknown tag 'nosuch'.",
        "{{ x.translate(y) }}§1§6§the method 'translate' is not supported",
        "{{ joiner(', ') }}§1§4§the function 'joiner' is not supported",
        "{% if x %}⏎{% for y in x %}{% endif %}§2§20§Encountered unknown tag 'endif'.",
        "{% if x %}⏎abc§2§4§the template ends; expected one of the tags [elif, else, endif]",
        "{{ 'open }}§1§4§a string is not closed",
        "{{ '\\xZZ' }}§1§5§a character's code needs 2, 4 or 8 hexadecimal digits",
        "ab{{ x⏎§1§5§a tag is not closed; expected '}}'",
        "{{ (1 }}§1§7§unexpected '}', expected ')'",
        "{% continue %}§1§4§'continue' outside a loop",
      })
  void whatIsNotUnderstoodIsFoundWhenCompiling(String template, int line, int column, String text) {
    assertThatThrownBy(() -> ChatTemplate.compile(template.replace('⏎', '\n')))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(TemplateException.Kind.SYNTAX);
              assertThat(e.reason()).isEqualTo(text);
              assertThat(List.of(e.line(), e.column())).isEqualTo(List.of(line, column));
              assertThat(e.getMessage())
                  .isEqualTo(text + " (line " + line + ", column " + column + ")");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '`',
      value = {
        "a⏎{% if t %}⏎  {{ missing.x }}{% endif %}§3§13",
        "{{ 'a' +⏎ none }}§1§8",
        "{% macro m() %}⏎{{ none() }}{% endmacro %}⏎{{ m() }}§2§8",
        "{% for a, b in [[1]] %}{% endfor %}§1§1",
        "{{ 1 < 'a' }}§1§4",
        "{{ raise_exception('no') }}§1§19",
      })
  void aFailureSaysWhereItHappened(String template, int line, int column) {
    assertThatThrownBy(() -> render(template.replace('⏎', '\n'), "t", true))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> assertThat(List.of(e.line(), e.column())).isEqualTo(List.of(line, column)));
  }

  @Test
  void aValueIsNeverEvaluated() {
    String attack = "{{ 7 * 7 }}{% raw %}{# x #}{% if %}";
    for (String template :
        List.of(
            "{{ x }}",
            "{% set y = x %}{{ y }}",
            "{% macro m(y) %}{{ y }}{% endmacro %}{{ m(x) }}",
            "{% for y in [x] %}{{ y }}{% endfor %}",
            "{{ '%s' % x }}",
            "{{ [x] | map('trim') | join }}")) {
      assertThat(render(template, "x", attack)).isEqualTo(attack);
    }
  }

  @Test
  void variablesAreCopiedFromJava() {
    Map<String, Object> value = new HashMap<>();
    value.put("list", Arrays.asList(1, 2L, (short) 3, 4.5f, null, true));
    assertThat(render("{{ x.list }}", "x", value)).isEqualTo("[1, 2, 3, 4.5, None, True]");
    assertThatThrownBy(() -> render("{{ x }}", "x", List.of(new BitSet())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.util.BitSet");
  }

  @Test
  void severalThreadsRenderOneTemplate() {
    ChatTemplate template =
        ChatTemplate.compile(
            "{% set ns = namespace(s='') %}{% for i in range(n) %}{% set ns.s = ns.s ~ n %}"
                + "{% endfor %}{{ ns.s }}");
    List<String> rendered =
        IntStream.range(0, 200)
            .parallel()
            .mapToObj(n -> template.render(Map.of("n", n % 10)))
            .toList();
    for (int n = 0; n < 200; n++) {
      assertThat(rendered.get(n)).isEqualTo(String.valueOf(n % 10).repeat(n % 10));
    }
  }

  /** Marks the characters that came from a variable with dots. */
  private static String origins(String template, Object value) {
    Map<String, Object> variables = Map.of("x", value, "bos", new Literal("<s>"));
    Rendering rendering = ChatTemplate.compile(template).renderMarked(variables);
    StringBuilder marks = new StringBuilder();
    for (int i = 0; i < rendering.text().length(); i++) {
      marks.append(rendering.isAuthored(i, i + 1) ? rendering.text().charAt(i) : '.');
    }
    return marks.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '`',
      value = {
        "{{ bos }}a{{ x }}b§<s>a......b",
        "{{ '[' + x[1:-1] ~ ']' }}§[....]",
        "{{ x | upper }}{{ x | trim('<!') | title }}§..........",
        "{{ x | tojson }}§\"......\"",
        "{{ [x] }}{{ {x: 'a'} }}§['......']{'......': 'a'}",
        "{{ x.replace('b', '--') }}§.--....",
        "{{ 'a<b>'.replace('<b>', x) }}§a......",
        "{{ x.split('&') | join('+') }}§..+...",
        "{{ '%s|%r' % (x, 'a') }}§......|'a'",
        "{% for c in x | list | reverse %}{{ c }},{% endfor %}§.,.,.,.,.,.,",
        "{{ x if x == '<b&c>!' else 'differs' }}§......",
        "{{ x | escape }}§................",
        "{{ {'<b&c>!': 'known'}[x] }}§known",
        "[{{ x | indent(2, true) }}§[  ......",
        "{{ x | length }}§6",
      })
  void eachCharacterKeepsItsOrigin(String template, String expected) {
    assertThat(origins(template, "<b&c>!")).isEqualTo(expected);
  }
}
