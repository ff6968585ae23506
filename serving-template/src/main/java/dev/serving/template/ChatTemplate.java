package dev.serving.template;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A compiled Hugging Face chat template, which renders as {@code transformers} renders it.
 *
 * <p>Only the template's source is ever parsed: a value is data, whatever it looks like. Immutable
 * and safe for use by several threads.
 */
public final class ChatTemplate {
  private final Statement body;
  private final TemplateLimits limits;
  private final Clock clock;

  private ChatTemplate(Statement body, TemplateLimits limits, Clock clock) {
    this.body = body;
    this.limits = Objects.requireNonNull(limits, "limits");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Compiles a template, with {@link TemplateLimits#DEFAULT} and the system's clock.
   *
   * @throws TemplateException of kind {@code SYNTAX} with line and column if something in it is
   *     wrong or not supported, {@code LIMIT} if it is nested too deeply
   */
  public static ChatTemplate compile(String source) {
    return new ChatTemplate(
        bounded(() -> StatementParser.parse(source)),
        TemplateLimits.DEFAULT,
        Clock.system(ZoneId.systemDefault()));
  }

  /** Returns this template with other bounds on a rendering. */
  public ChatTemplate withLimits(TemplateLimits other) {
    return new ChatTemplate(body, other, clock);
  }

  /** Returns this template with another clock behind {@code strftime_now}. */
  public ChatTemplate withClock(Clock other) {
    return new ChatTemplate(body, limits, other);
  }

  /**
   * Renders.
   *
   * @param variables by name; each value a Map, Collection, String, Number, Boolean, {@link
   *     Literal} or null, and so on within
   * @throws TemplateException if the template refuses the variables, fails or exceeds a limit
   * @throws IllegalArgumentException if a variable is of another type
   */
  public String render(Map<String, ?> variables) {
    return renderMarked(variables).text();
  }

  /** Renders like {@link #render} and tells the template's own characters from the variables'. */
  public Rendering renderMarked(Map<String, ?> variables) {
    Map<String, Value> values = new HashMap<>();
    variables.forEach((name, value) -> values.put(name, JavaValues.of(value)));
    Context context =
        new Context(
            new Budget(limits), LocalDateTime.now(clock), new Scope(Globals.scope(), values));
    return bounded(
        () -> {
          body.execute(context);
          return context.out().toRendering();
        });
  }

  /** The depth of most things is counted; the stack has the last word. */
  private static <T> T bounded(Supplier<T> work) {
    try {
      return work.get();
    } catch (StackOverflowError e) {
      throw TemplateException.limit("the template is nested too deeply for the stack");
    }
  }
}
