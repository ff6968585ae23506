package dev.serving.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's ways to take a string apart. */
final class TextSplit {
  private TextSplit() {}

  /** {@code str.split(sep, maxsplit)}; a null separator means runs of white space. */
  static Items split(Context context, Text text, Text separator, int max) {
    return Items.list(
        separator == null
            ? words(context, text, max)
            : parts(context, text, requireSome(separator), max));
  }

  private static Text requireSome(Text separator) {
    if (separator.length() == 0) {
      throw TemplateException.value("empty separator");
    }
    return separator;
  }

  private static List<Value> parts(Context context, Text text, Text separator, int max) {
    List<Value> parts = new ArrayList<>();
    int from = 0;
    for (int at;
        (max < 0 || parts.size() < max)
            && (at = TextSearch.first(context, text, separator, from)) >= 0; ) {
      parts.add(text.slice(from, at));
      context.budget().charge((at - from) >> 2);
      from = at + separator.length();
    }
    parts.add(text.slice(from, text.length()));
    return parts;
  }

  private static List<Value> words(Context context, Text text, int max) {
    List<Value> words = new ArrayList<>();
    int at = 0;
    while (true) {
      while (at < text.length() && Text.isSpace(text.at(at))) {
        at++;
      }
      if (at == text.length()) {
        return words;
      }
      if (max >= 0 && words.size() >= max) {
        words.add(text.slice(at, text.length()).strip(null, false, true));
        return words;
      }
      int begin = at;
      while (at < text.length() && !Text.isSpace(text.at(at))) {
        at++;
      }
      words.add(text.slice(begin, at));
      context.budget().charge((at - begin) >> 2);
    }
  }

  /** {@code str.rsplit(sep, maxsplit)}: the reversed text is split from the left. */
  static Items splitFromRight(Context context, Text text, Text separator, int max) {
    Text backwards = separator == null ? null : separator.reversed();
    List<Value> parts = new ArrayList<>();
    for (Value part : split(context, text.reversed(), backwards, max).elements()) {
      parts.add(((Text) part).reversed());
    }
    Collections.reverse(parts);
    return Items.list(parts);
  }

  /** {@code str.partition} and {@code str.rpartition}. */
  static Items partition(Context context, Text text, Text separator, boolean fromRight) {
    int at =
        fromRight
            ? TextSearch.last(context, text, requireSome(separator))
            : TextSearch.first(context, text, requireSome(separator), 0);
    if (at < 0) {
      return fromRight
          ? Items.tuple(Text.EMPTY, Text.EMPTY, text)
          : Items.tuple(text, Text.EMPTY, Text.EMPTY);
    }
    int after = at + separator.length();
    return Items.tuple(text.slice(0, at), text.slice(at, after), text.slice(after, text.length()));
  }

  /** {@code str.splitlines(keepends)}. */
  static Items lines(Text text, boolean keepEnds) {
    List<Value> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isLineEnd(text.at(i))) {
        int end = i;
        if (text.at(i) == '\r' && i + 1 < text.length() && text.at(i + 1) == '\n') {
          i++;
        }
        lines.add(text.slice(from, keepEnds ? i + 1 : end));
        from = i + 1;
      }
    }
    if (from < text.length()) {
      lines.add(text.slice(from, text.length()));
    }
    return Items.list(lines);
  }

  private static boolean isLineEnd(int c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** {@code str.replace(from, to, count)}; a negative count means all. */
  static Text replace(Context context, Text text, Text from, Text to, int count) {
    TextBuilder out = context.newText();
    int copied = 0;
    int at = TextSearch.first(context, text, from, 0);
    for (int n = 0; at >= 0 && n != count; n++) {
      out.append(text.slice(copied, at)).append(to);
      copied = at + from.length();
      // Nothing is found between any two characters.
      at = TextSearch.first(context, text, from, from.length() == 0 ? at + 1 : copied);
    }
    return out.append(text.slice(copied, text.length())).toText();
  }
}
