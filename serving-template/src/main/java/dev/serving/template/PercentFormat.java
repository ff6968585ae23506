package dev.serving.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's {@code format % arguments} with the conversions {@code s r d i f x} and, of the flags,
 * {@code -} and {@code 0}.
 */
final class PercentFormat {
  private static final Pattern FIELD =
      Pattern.compile("%(-?)(0?)(\\d{0,4})(?:\\.(\\d{1,3}))?([srdifx%])");

  private final Context context;
  private final TextBuilder out;
  private final List<Value> arguments;
  private int used;

  private PercentFormat(Context context, Value right) {
    this.context = context;
    this.out = context.newText();
    this.arguments =
        right instanceof Items items && items.isTuple() ? items.elements() : List.of(right);
  }

  static Text apply(Context context, Text format, Value right) {
    return new PercentFormat(context, right).format(format);
  }

  private Text format(Text format) {
    for (int at = 0; at < format.length(); ) {
      if (format.at(at) != '%') {
        out.append(format.marked(at++));
        continue;
      }
      Matcher field =
          FIELD.matcher(format.slice(at, Math.min(at + 12, format.length())).toString());
      if (!field.lookingAt()) {
        throw TemplateException.value("unsupported format character in '" + format + "'");
      }
      field(field);
      at += field.end();
    }
    if (used < arguments.size()) {
      throw TemplateException.type("not all arguments converted during string formatting");
    }
    return out.toText();
  }

  private void field(Matcher field) {
    char conversion = field.group(5).charAt(0);
    if (conversion == '%') {
      out.append("%");
      return;
    }
    if (used == arguments.size()) {
      throw TemplateException.type("not enough arguments for format string");
    }
    Integer precision = field.group(4) == null ? null : Integer.valueOf(field.group(4));
    Text text = convert(conversion, arguments.get(used++), precision);
    int width = field.group(3).isEmpty() ? 0 : Integer.parseInt(field.group(3));
    int room = Math.max(0, width - text.length());
    if (!field.group(1).isEmpty()) {
      out.append(text).repeat(Text.literal(" "), room);
    } else if (!field.group(2).isEmpty() && "dixf".indexOf(conversion) >= 0) {
      int sign = text.startsWith(Text.literal("-")) ? 1 : 0;
      out.append(text.slice(0, sign)).repeat(Text.literal("0"), room);
      out.append(text.slice(sign, text.length()));
    } else {
      out.repeat(Text.literal(" "), room).append(text);
    }
  }

  private Text convert(char conversion, Value value, Integer precision) {
    if (conversion == 's' || conversion == 'r') {
      TextBuilder written = context.newText();
      if (conversion == 's') {
        value.write(written);
      } else {
        value.represent(written);
      }
      Text text = written.toText();
      return precision == null ? text : text.slice(0, Math.min(text.length(), precision));
    }
    if (!(value instanceof Num number)) {
      throw TemplateException.type(
          "%" + conversion + " format: a real number is required, not " + value.typeName());
    }
    return Text.literal(conversion == 'f' ? fixed(number, precision) : whole(number, conversion));
  }

  private static String fixed(Num number, Integer precision) {
    int scale = precision == null ? 6 : precision;
    return new BigDecimal(number.real()).setScale(scale, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String whole(Num number, char conversion) {
    BigInteger whole =
        number.isFloat() ? new BigDecimal(number.real()).toBigInteger() : number.integer();
    return whole.toString(conversion == 'x' ? 16 : 10);
  }
}
