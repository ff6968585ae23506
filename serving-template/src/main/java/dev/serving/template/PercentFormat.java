package dev.serving.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code format % arguments}. */
final class PercentFormat {
  private static final Pattern FIELD =
      Pattern.compile("%(?:\\(([^)]*)\\))?([-+ 0#]*)(\\d{0,6})(?:\\.(\\d{0,3}))?([a-zA-Z%])");

  private final Context context;
  private final TextBuilder out;
  private final List<Value> arguments;
  private final Value mapping;
  private int used;

  private PercentFormat(Context context, Value right) {
    this.context = context;
    this.out = context.newText();
    this.mapping = right;
    this.arguments =
        right instanceof Items items && items.isTuple() ? items.elements() : List.of(right);
  }

  static Text apply(Context context, Text format, Value right) {
    return new PercentFormat(context, right).format(format);
  }

  private Text format(Text format) {
    String text = format.toString();
    Matcher field = FIELD.matcher(text);
    int copied = 0;
    for (int percent = text.indexOf('%'); percent >= 0; percent = text.indexOf('%', copied)) {
      if (!field.region(percent, text.length()).lookingAt()) {
        throw TemplateException.value("incomplete or unsupported format");
      }
      copy(format, text, copied, percent);
      field(field);
      copied = field.end();
    }
    copy(format, text, copied, text.length());
    if (used < arguments.size() && !(mapping instanceof Dict)) {
      throw TemplateException.type("not all arguments converted during string formatting");
    }
    return out.toText();
  }

  /** Copies a range given in UTF-16, as the pattern counts, of a text counted in code points. */
  private void copy(Text format, String text, int begin, int end) {
    int from = text.codePointCount(0, begin);
    out.append(format.slice(from, from + text.codePointCount(begin, end)));
  }

  private void field(Matcher field) {
    char conversion = field.group(5).charAt(0);
    if (conversion == '%') {
      out.append("%");
      return;
    }
    Value value = field.group(1) != null ? named(field.group(1)) : next();
    Integer precision = field.group(4) == null ? null : parse(field.group(4));
    Text converted =
        switch (conversion) {
          case 's' -> cut(context.text(value), precision);
          case 'r' -> cut(represent(value), precision);
          case 'd', 'i', 'u' -> Text.literal(whole(conversion, value).toString());
          case 'x' -> Text.literal(whole(conversion, value).toString(16));
          case 'X' -> Text.literal(whole(conversion, value).toString(16).toUpperCase(Locale.ROOT));
          case 'o' -> Text.literal(whole(conversion, value).toString(8));
          case 'f', 'F', 'e', 'E' -> Text.literal(real(conversion, value, precision));
          default ->
              throw TemplateException.value("unsupported format character '" + conversion + "'");
        };
    boolean number = conversion != 's' && conversion != 'r';
    pad(
        converted,
        number ? field.group(2) : field.group(2).replaceAll("[+ 0]", ""),
        field.group(3));
  }

  private static int parse(String digits) {
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private Value named(String name) {
    if (!(mapping instanceof Dict dict)) {
      throw TemplateException.type("format requires a mapping");
    }
    Value value = dict.entries().get(Text.literal(name));
    if (value == null) {
      throw TemplateException.value("'" + name + "'");
    }
    return value;
  }

  private Value next() {
    if (used == arguments.size()) {
      throw TemplateException.type("not enough arguments for format string");
    }
    return arguments.get(used++);
  }

  private Text represent(Value value) {
    TextBuilder written = context.newText();
    value.represent(written);
    return written.toText();
  }

  private static Text cut(Text text, Integer precision) {
    return precision == null ? text : text.slice(0, Math.min(text.length(), precision));
  }

  private static BigInteger whole(char conversion, Value value) {
    Numeric number = number(conversion, value);
    return number.integer() != null
        ? number.integer()
        : new BigDecimal(number.real()).toBigInteger();
  }

  private static String real(char conversion, Value value, Integer precision) {
    String pattern = "%." + (precision == null ? 6 : precision) + Character.toLowerCase(conversion);
    String text = String.format(Locale.ROOT, pattern, number(conversion, value).real());
    return conversion == 'E' ? text.toUpperCase(Locale.ROOT) : text;
  }

  private static Numeric number(char conversion, Value value) {
    if (value instanceof Numeric number) {
      return number;
    }
    throw TemplateException.type(
        "%" + conversion + " format: a real number is required, not " + value.typeName());
  }

  private void pad(Text converted, String flags, String width) {
    boolean negative = converted.length() > 0 && converted.at(0) == '-' && !flags.isEmpty();
    String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    Text text =
        negative || sign.isEmpty()
            ? converted
            : context.newText().append(sign).append(converted).toText();
    int room = Math.max(0, parse(width) - text.length());
    if (flags.contains("-")) {
      out.append(text).repeat(Text.literal(" "), room);
    } else if (flags.contains("0")) {
      int signLength = negative || !sign.isEmpty() ? 1 : 0;
      out.append(text.slice(0, signLength))
          .repeat(Text.literal("0"), room)
          .append(text.slice(signLength, text.length()));
    } else {
      out.repeat(Text.literal(" "), room).append(text);
    }
  }
}
