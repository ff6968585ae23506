package dev.serving.template;

import java.time.Duration;
import java.util.Objects;

/**
 * Bounds on one rendering. A rendering that exceeds one fails with {@link
 * TemplateException.Kind#LIMIT}.
 *
 * @param maxSteps units of work: about one for each operation, element and four characters made;
 *     bounds the memory that a rendering can hold, too
 * @param maxSize characters of the output and of any text, elements of any list
 * @param maxDepth macro calls and loops within one another
 * @param timeout wall-clock time
 */
public record TemplateLimits(long maxSteps, int maxSize, int maxDepth, Duration timeout) {
  /** Far above what any published template needs, harmless to a server. */
  public static final TemplateLimits DEFAULT =
      new TemplateLimits(20_000_000, 1 << 23, 100, Duration.ofSeconds(5));

  /** Checks the bounds. */
  public TemplateLimits {
    Objects.requireNonNull(timeout, "timeout");
    if (maxSteps < 1 || maxSize < 1 || maxDepth < 1 || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "every limit must be positive; use TemplateLimits.DEFAULT and raise what you need");
    }
  }
}
