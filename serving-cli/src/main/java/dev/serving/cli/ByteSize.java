package dev.serving.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes, as the JVM's own options take them: 65536, 64k, 512m, 2g. */
final class ByteSize implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([kmg]?)");
  private static final String UNITS = "kmg";

  @Override
  public Long convert(String text) {
    Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new TypeConversionException("'" + text + "' is no size; write 65536, 64k, 512m or 2g");
    }
    long unit = size.group(2).isEmpty() ? 1 : 1L << (10 * (UNITS.indexOf(size.group(2)) + 1));
    long number = Long.parseLong(size.group(1));
    return number > Long.MAX_VALUE / unit ? Long.MAX_VALUE : number * unit;
  }
}
