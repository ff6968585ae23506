package dev.serving.template;

import java.util.Arrays;
import java.util.function.Supplier;

/** The text of a template, with line ends made uniform, and places in it. */
final class Source {
  private final String text;
  private final int[] lineStarts;

  Source(String template) {
    String uniform = template.replace("\r\n", "\n").replace('\r', '\n');
    // As Jinja without keep_trailing_newline.
    this.text = uniform.endsWith("\n") ? uniform.substring(0, uniform.length() - 1) : uniform;
    int[] starts = new int[(int) text.chars().filter(c -> c == '\n').count() + 1];
    for (int line = 1, at = 0; line < starts.length; line++) {
      at = text.indexOf('\n', at) + 1;
      starts[line] = at;
    }
    this.lineStarts = starts;
  }

  String text() {
    return text;
  }

  int lineOf(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  int columnOf(int offset) {
    return offset - lineStarts[lineOf(offset) - 1] + 1;
  }

  /** Does {@code work}; a failure that knows no place yet happened at {@code offset}. */
  <T> T locating(int offset, Supplier<T> work) {
    try {
      return work.get();
    } catch (TemplateException e) {
      throw e.at(this, offset);
    }
  }

  TemplateException syntax(int offset, String reason) {
    return new TemplateException(TemplateException.Kind.SYNTAX, reason).at(this, offset);
  }
}
