package dev.serving.viewer.store;

import java.math.BigDecimal;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * A double as Go's {@code encoding/json} writes it, and so Jaeger: {@code 0} and not {@code 0.0},
 * with an exponent only below 1e-6 and from 1e21 on. Lists become texts in Jaeger's answers, so
 * that the digits can be seen, and searched for.
 */
public final class GoDouble extends StdSerializer<Double> {
  private static final double SMALLEST_PLAIN = 1e-6;
  private static final double LEAST_EXPONENT = 1e21;

  private GoDouble() {
    super(Double.class);
  }

  /** A reader and writer of JSON that writes doubles so. */
  public static JsonMapper mapper() {
    return JsonMapper.builder()
        .addModule(new SimpleModule().addSerializer(Double.class, new GoDouble()))
        .build();
  }

  @Override
  public void serialize(Double value, JsonGenerator out, SerializationContext context) {
    if (value.isNaN() || value.isInfinite()) {
      out.writeNumber(value); // which JSON has no number for: Jackson writes a text
    } else {
      out.writeNumber(text(value));
    }
  }

  static String text(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return Double.toString(value).startsWith("-") ? "-0" : "0";
    }
    BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    return size < SMALLEST_PLAIN || size >= LEAST_EXPONENT
        ? withExponent(digits)
        : digits.toPlainString();
  }

  private static String withExponent(BigDecimal digits) {
    int exponent = digits.precision() - digits.scale() - 1;
    String mantissa = digits.movePointLeft(exponent).toPlainString();
    return mantissa + "e" + (exponent < 0 ? "" : "+") + exponent;
  }
}
