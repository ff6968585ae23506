package dev.serving.template;

/** Finds text in text, at the cost of a {@link Budget} that bounds the worst of cases. */
final class TextSearch {
  private TextSearch() {}

  /** Returns where {@code part} first is in {@code text} from {@code from} on, or -1. */
  static int first(Context context, Text text, Text part, int from) {
    for (int at = from; at <= text.length() - part.length(); at++) {
      if (isAt(context, text, part, at)) {
        return at;
      }
    }
    return -1;
  }

  /** Returns where {@code part} last is in {@code text}, or -1. */
  static int last(Context context, Text text, Text part) {
    for (int at = text.length() - part.length(); at >= 0; at--) {
      if (isAt(context, text, part, at)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isAt(Context context, Text text, Text part, int at) {
    int same = 0;
    while (same < part.length() && text.at(at + same) == part.at(same)) {
      same++;
    }
    if (same >= 64) {
      context.budget().charge(same >> 6);
    }
    return same == part.length();
  }
}
