package dev.serving.trace.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Whether and how the text of prompts and answers may appear in a trace. Immutable.
 *
 * @param captured whether it may at all; it may not by default
 * @param maxChars where a text is cut, after redaction
 * @param redaction takes secrets out of a text before it is recorded; called from any thread
 */
@RecordBuilder
public record ContentConfig(boolean captured, int maxChars, UnaryOperator<String> redaction)
    implements ContentConfigBuilder.With {

  /** Never captured. */
  public static final ContentConfig DEFAULT =
      new ContentConfig(false, 4096, UnaryOperator.identity());

  /**
   * Checks the limit.
   *
   * @throws TracingConfigException if it is not positive
   */
  public ContentConfig {
    Bounds.atLeast("the largest captured text in characters", 1, maxChars);
    Objects.requireNonNull(redaction, "redaction");
  }
}
