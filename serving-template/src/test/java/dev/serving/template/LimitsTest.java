package dev.serving.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a template does, a rendering ends, in bounded memory, with an error that says why. */
@Timeout(60)
class LimitsTest {
  private static final TemplateLimits TIGHT =
      new TemplateLimits(2_000_000, 1 << 20, 50, Duration.ofSeconds(2));

  private static void assertStopped(String template) {
    assertThatThrownBy(() -> ChatTemplate.compile(template).withLimits(TIGHT).render(Map.of()))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> assertThat(e.kind()).isEqualTo(TemplateException.Kind.LIMIT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // time
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% if a %}{% endif %}{% endfor %}{% endfor %}",
        "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(45) }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% set l = range(99999) | list %}{% for a in l %}{{ l | sort | length }}{% endfor %}",
        "{% set l = range(99999) | list %}{% for a in l %}{{ -1 in l }}{% endfor %}",
        // size
        "{{ 'x' * 999999999 }}",
        "{{ 999999999 * 'x' }}",
        "{{ [1] * 999999999 }}",
        "{{ 'x' * 10 ** 30 }}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
        "{% for i in range(99999) %}{{ 'x' * 999 }}{% endfor %}",
        "{% set ns = namespace(s='xx') %}{% for i in range(99) %}{% set ns.s = ns.s.replace('x', 'xxxx') %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s.join(ns.s * 9) %}{% endfor %}",
        "{{ [1] | tojson(indent=999999999) }}",
        "{{ 'a' | indent(999999999) }}",
        "{{ range(1000000) }}",
        "{{ '%9999s' % 'x' * 999 }}",
        // numbers
        "{{ 9 ** 99999 }}",
        "{{ 2 ** 99999999 }}",
        "{% set ns = namespace(n=3) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
        // small in memory, endless to write or compare
        "{% set ns = namespace(l=[]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l={}) %}{% for i in range(99) %}{% set ns.l = {'a': ns.l, 'b': ns.l} %}{% endfor %}{{ ns.l | tojson }}",
        "{% set a = namespace(l=[1]) %}{% set b = namespace(l=[1]) %}{% for i in range(99) %}{% set a.l = [a.l, a.l] %}{% set b.l = [b.l, b.l] %}{% endfor %}{{ a.l == b.l }}",
        "{% set ns = namespace(l=[]) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
        // searching
        "{% set a = 'a' * 500000 %}{% for i in range(99999) %}{{ a.count(a[1:] + 'b') }}{% endfor %}",
        "{% set a = 'a' * 500000 %}{% for i in range(99999) %}{{ a.split('aab') | length }}{% endfor %}",
      })
  void aBombIsStopped(String template) {
    assertStopped(template);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{1:", "-", "not ", "a[", "a(", "1 if ", "a|d("})
  void anExpressionNestedTooDeeplyIsRefused(String opening) {
    assertThatThrownBy(() -> ChatTemplate.compile("{{ " + opening.repeat(100_000)))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void aChainOfOperatorsTooLongForTheStackIsRefused() {
    assertStopped("{{ 1" + " + 1".repeat(200_000) + " }}");
  }

  @Test
  void blocksNestedTooDeeplyAreRefused() {
    assertThatThrownBy(() -> ChatTemplate.compile("{% if 1 %}".repeat(100_000)))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> assertThat(e.kind()).isEqualTo(TemplateException.Kind.LIMIT));
  }

  @Test
  void variablesNestedTooDeeplyAreRefused() {
    List<Object> nested = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      nested = new ArrayList<>(List.of(nested));
    }
    Map<String, Object> variables = Map.of("x", nested);
    assertThatThrownBy(() -> ChatTemplate.compile("{{ x }}").render(variables))
        .isInstanceOfSatisfying(
            TemplateException.class,
            e -> assertThat(e.kind()).isEqualTo(TemplateException.Kind.LIMIT));
  }

  @Test
  void aLongConversationIsNoBomb() {
    String content = "word ".repeat(100_000);
    String template = "{% for m in messages %}{{ m.role + ': ' + m.content | trim }}\n{% endfor %}";
    List<Map<String, String>> messages = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      messages.add(Map.of("role", "user", "content", content));
    }
    assertThat(ChatTemplate.compile(template).render(Map.of("messages", messages)))
        .hasSize(10 * (content.length() + 6));
  }

  @Test
  void theLimitSaysWhichItWas() {
    TemplateLimits quick = new TemplateLimits(Long.MAX_VALUE, 1 << 20, 50, Duration.ofMillis(20));
    String endless =
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
    assertThatThrownBy(() -> ChatTemplate.compile(endless).withLimits(quick).render(Map.of()))
        .hasMessageContaining("ran longer than PT0.02S (line 1, column");
    assertThatThrownBy(() -> new TemplateLimits(0, 1, 1, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TemplateLimits.DEFAULT");
  }
}
