package dev.serving.template;

import java.util.Objects;

/**
 * A string among the variables that counts as the template's own words.
 *
 * <p>Text from variables is foreign: {@link Rendering} tells it from what the template says. A
 * {@code Literal} is for the few variables that the model's author wrote, such as {@code
 * bos_token}.
 *
 * @param text the string
 */
public record Literal(String text) {
  /** Checks that there is a text. */
  public Literal {
    Objects.requireNonNull(text, "text");
  }
}
