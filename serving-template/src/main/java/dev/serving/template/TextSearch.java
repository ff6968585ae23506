package dev.serving.template;

/** Finds text in text in linear time, whatever the two are (Knuth, Morris, Pratt). */
final class TextSearch {
  private TextSearch() {}

  /** Returns where {@code part} first is in {@code text} from {@code from} on, or -1. */
  static int first(Text text, Text part, int from) {
    return search(text, part, from, text.length(), false);
  }

  /** Returns where {@code part} last is in {@code text} before {@code end}, or -1. */
  static int last(Text text, Text part, int end) {
    return search(text, part, 0, end, true);
  }

  private static int search(Text text, Text part, int from, int end, boolean last) {
    if (part.length() == 0) {
      return from > end ? -1 : last ? end : from;
    }
    int[] border = borders(part);
    int found = -1;
    int matched = 0;
    for (int i = from; i < end; i++) {
      while (matched > 0 && text.at(i) != part.at(matched)) {
        matched = border[matched - 1];
      }
      if (text.at(i) == part.at(matched)) {
        matched++;
      }
      if (matched == part.length()) {
        found = i - matched + 1;
        if (!last) {
          return found;
        }
        matched = border[matched - 1];
      }
    }
    return found;
  }

  /** For each prefix of {@code part}, the length of the longest border of it. */
  private static int[] borders(Text part) {
    int[] border = new int[part.length()];
    int length = 0;
    for (int i = 1; i < border.length; i++) {
      while (length > 0 && part.at(i) != part.at(length)) {
        length = border[length - 1];
      }
      if (part.at(i) == part.at(length)) {
        length++;
      }
      border[i] = length;
    }
    return border;
  }
}
