package dev.serving.cli;

import dev.serving.core.model.WeightType;
import java.lang.System.Logger.Level;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The names under which people know the types of weights: ours and vLLM's. */
final class WeightTypes {
  private WeightTypes() {}

  /** {@code --dtype}. */
  static final class Dtype implements ITypeConverter<WeightType> {
    @Override
    public WeightType convert(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "auto", "bf16", "bfloat16" -> WeightType.BF16;
        case "f32", "float32", "float" -> WeightType.F32;
        case "int8" -> WeightType.INT8;
        case "f16", "fp16", "float16", "half" -> insteadOf(name);
        default ->
            throw new TypeConversionException(
                "'" + name + "' is not auto, bfloat16, float32, float16 or int8");
      };
    }

    private static WeightType insteadOf(String name) {
      System.getLogger(WeightTypes.class.getName())
          .log(
              Level.WARNING,
              "--dtype {0}: weights are held as bfloat16 instead; float32 keeps all digits",
              name);
      return WeightType.BF16;
    }
  }

  /** {@code --quantization}. */
  static final class Quantization implements ITypeConverter<WeightType> {
    @Override
    public WeightType convert(String name) {
      if (name.equalsIgnoreCase("int8")) {
        return WeightType.INT8;
      }
      throw new TypeConversionException(
          "'"
              + name
              + "' is not int8, the one quantization there is; leave the option out for none");
    }
  }
}
