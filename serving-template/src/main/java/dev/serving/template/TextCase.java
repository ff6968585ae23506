package dev.serving.template;

import java.util.Locale;

/** Python's case conversions; each character keeps its origin. */
final class TextCase {
  private enum Form {
    UPPER,
    LOWER,
    TITLE
  }

  private TextCase() {}

  static Text upper(Call call) {
    return convert(call, (text, i) -> Form.UPPER);
  }

  static Text lower(Call call) {
    return convert(call, (text, i) -> Form.LOWER);
  }

  /** {@code str.capitalize}. */
  static Text capitalize(Call call) {
    return convert(call, (text, i) -> i == 0 ? Form.TITLE : Form.LOWER);
  }

  /** {@code str.title}: a word begins behind whatever is no letter. */
  static Text title(Call call) {
    return convert(
        call, (text, i) -> i > 0 && Character.isLetter(text.at(i - 1)) ? Form.LOWER : Form.TITLE);
  }

  /** Jinja's filter {@code title}: a word begins behind white space and opening marks. */
  static Text titleWords(Call call) {
    return convert(
        call,
        (text, i) ->
            i == 0 || Text.isSpace(text.at(i - 1)) || "-({[<".indexOf(text.at(i - 1)) >= 0
                ? Form.UPPER
                : Form.LOWER);
  }

  @FunctionalInterface
  private interface Choice {
    Form of(Text text, int index);
  }

  private static Text convert(Call call, Choice choice) {
    Text text = call.selfText();
    TextBuilder out = call.newText();
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      String converted =
          switch (choice.of(text, i)) {
            case UPPER -> Character.toString(c).toUpperCase(Locale.ROOT);
            case LOWER ->
                isFinalSigma(text, i) ? "ς" : Character.toString(c).toLowerCase(Locale.ROOT);
            case TITLE -> title(c);
          };
      out.append(converted, text.marked(i));
    }
    return out.toText();
  }

  private static String title(int c) {
    int title = Character.toTitleCase(c);
    if (title != c) {
      return Character.toString(title);
    }
    String upper = Character.toString(c).toUpperCase(Locale.ROOT);
    return upper.length() > 1 && !Character.isTitleCase(c)
        ? upper.charAt(0) + upper.substring(1).toLowerCase(Locale.ROOT)
        : Character.toString(c);
  }

  private static boolean isFinalSigma(Text text, int index) {
    return text.at(index) == 'Σ'
        && index > 0
        && Character.isLetter(text.at(index - 1))
        && (index + 1 == text.length() || !Character.isLetter(text.at(index + 1)));
  }
}
