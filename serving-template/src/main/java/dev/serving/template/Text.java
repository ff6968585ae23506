package dev.serving.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A Python {@code str}: code points, each of which knows whether it is foreign, that is, came from
 * a variable and not from the template. Origin plays no part in comparing, hashing or searching.
 */
final class Text implements Value, Comparable<Text> {
  static final Text EMPTY = new Text(new int[0]);
  private static final int FOREIGN = 1 << 30;

  private final int[] marked;
  private int hash;

  /** Takes code points with their marks; the array must not change afterwards. */
  Text(int[] marked) {
    this.marked = marked;
  }

  /** Text that the template's author wrote. */
  static Text literal(String text) {
    return new Text(codePoints(text, 0));
  }

  /** Text that came from a variable. */
  static Text foreign(String text) {
    return new Text(codePoints(text, FOREIGN));
  }

  private static int[] codePoints(String text, int mark) {
    int[] marked = new int[text.codePointCount(0, text.length())];
    for (int i = 0, at = 0; i < marked.length; i++) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      marked[i] = c | mark;
    }
    return marked;
  }

  static boolean isSpace(int c) {
    return (c >= 9 && c <= 13)
        || (c >= 0x1c && c <= 0x20)
        || c == 0x85
        || c == 0xa0
        || (c > 0xff && Character.isSpaceChar(c));
  }

  /** Returns a code point without its mark. */
  int at(int index) {
    return marked[index] & ~FOREIGN;
  }

  /** Returns a code point with its mark. */
  int marked(int index) {
    return marked[index];
  }

  /** Gives {@code c} the mark of {@code origin}. */
  static int mark(int c, int origin) {
    return c | (origin & FOREIGN);
  }

  static int unmark(int c) {
    return c & ~FOREIGN;
  }

  static boolean isForeign(int marked) {
    return (marked & FOREIGN) != 0;
  }

  Text slice(int begin, int end) {
    return begin == 0 && end == marked.length
        ? this
        : new Text(Arrays.copyOfRange(marked, begin, end));
  }

  Text reversed() {
    int[] reversed = new int[marked.length];
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = marked[marked.length - 1 - i];
    }
    return new Text(reversed);
  }

  boolean isAt(Text part, int index) {
    if (index < 0 || index + part.length() > length()) {
      return false;
    }
    for (int i = 0; i < part.length(); i++) {
      if (part.at(i) != at(index + i)) {
        return false;
      }
    }
    return true;
  }

  boolean startsWith(Text prefix) {
    return isAt(prefix, 0);
  }

  boolean endsWith(Text suffix) {
    return isAt(suffix, length() - suffix.length());
  }

  /** Strips the characters of {@code set}, or white space if it is null. */
  Text strip(Text set, boolean left, boolean right) {
    int begin = 0;
    int end = length();
    while (left && begin < end && strips(set, begin)) {
      begin++;
    }
    while (right && end > begin && strips(set, end - 1)) {
      end--;
    }
    return slice(begin, end);
  }

  private boolean strips(Text set, int index) {
    return set == null ? isSpace(at(index)) : set.has(at(index));
  }

  private boolean has(int c) {
    return Arrays.stream(marked).anyMatch(mine -> unmark(mine) == c);
  }

  @Override
  public String typeName() {
    return "str";
  }

  @Override
  public boolean truth() {
    return marked.length > 0;
  }

  @Override
  public void write(TextBuilder out) {
    out.append(this);
  }

  @Override
  public void represent(TextBuilder out) {
    TextRepr.write(this, out);
  }

  @Override
  public List<Value> elements() {
    List<Value> characters = new ArrayList<>(marked.length);
    for (int i = 0; i < marked.length; i++) {
      characters.add(slice(i, i + 1));
    }
    return characters;
  }

  @Override
  public int length() {
    return marked.length;
  }

  @Override
  public Value item(Value key) {
    int at = Slice.index(key, length());
    return at < 0 ? null : slice(at, at + 1);
  }

  @Override
  public Value attribute(String name) {
    return TextMethods.of(this, name);
  }

  @Override
  public boolean contains(Context context, Value element) {
    if (element instanceof Text part) {
      return TextSearch.first(context, this, part, 0) >= 0;
    }
    throw TemplateException.type(
        "'in <string>' requires string as left operand, not " + element.typeName());
  }

  @Override
  public int weight() {
    return 1 + length() / 8;
  }

  @Override
  public int compareTo(Text other) {
    int common = Math.min(length(), other.length());
    for (int i = 0; i < common; i++) {
      if (at(i) != other.at(i)) {
        return Integer.compare(at(i), other.at(i));
      }
    }
    return Integer.compare(length(), other.length());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Text text && text.length() == length() && isAt(text, 0);
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      for (int c : marked) {
        h = 31 * h + unmark(c);
      }
      hash = h;
    }
    return h;
  }

  /** Returns the plain string, without the marks. */
  @Override
  public String toString() {
    int[] plain = new int[marked.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] = at(i);
    }
    return new String(plain, 0, plain.length);
  }
}
