package dev.serving.template;

import java.util.Arrays;
import java.util.BitSet;

/** Collects marked code points, at the cost of a {@link Budget}. */
final class TextBuilder {
  private final Budget budget;
  private int[] marked = new int[64];
  private int length;

  TextBuilder(Budget budget) {
    this.budget = budget;
  }

  /** Returns {@code repr(value)} for an error message, cut to a length that a log can bear. */
  static String represent(Value value) {
    TextBuilder out = new TextBuilder(new Budget(TemplateLimits.DEFAULT));
    value.represent(out);
    String text = out.toText().toString();
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  int length() {
    return length;
  }

  /** Appends one marked code point. */
  TextBuilder append(int markedCodePoint) {
    reserve(1);
    marked[length++] = markedCodePoint;
    return this;
  }

  TextBuilder append(Text text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      marked[length++] = text.marked(i);
    }
    return this;
  }

  /** Appends words of our own or of the template. */
  TextBuilder append(String literal) {
    return append(literal, 0);
  }

  /** Appends text with the origin of the marked code point that it was made of. */
  TextBuilder append(String text, int origin) {
    reserve(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      marked[length++] = Text.mark(c, origin);
      i += Character.charCount(c);
    }
    return this;
  }

  TextBuilder repeat(Text text, int times) {
    for (int i = 0; i < times; i++) {
      append(text);
    }
    return this;
  }

  private void reserve(int more) {
    budget.requireSize((long) length + more);
    budget.charge(more >> 2);
    if (length + more > marked.length) {
      marked = Arrays.copyOf(marked, Math.max(length + more, 2 * marked.length));
    }
  }

  Text toText() {
    return new Text(Arrays.copyOf(marked, length));
  }

  Rendering toRendering() {
    StringBuilder text = new StringBuilder(length);
    BitSet foreign = new BitSet();
    for (int i = 0; i < length; i++) {
      int begin = text.length();
      text.appendCodePoint(Text.unmark(marked[i]));
      if (Text.isForeign(marked[i])) {
        foreign.set(begin, text.length());
      }
    }
    return new Rendering(text.toString(), foreign);
  }
}
