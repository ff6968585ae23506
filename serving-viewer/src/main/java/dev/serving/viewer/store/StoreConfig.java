package dev.serving.viewer.store;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How much a {@link TraceStore} keeps, and where.
 *
 * @param maxSpans spans at most, in all traces together
 * @param maxBytes heap that the kept spans may take, in bytes
 * @param maxAge how long a trace is kept after the last spans around it came
 * @param directory where it also keeps them for the next start, empty for nowhere
 */
@RecordBuilder
public record StoreConfig(int maxSpans, long maxBytes, Duration maxAge, Optional<Path> directory)
    implements StoreConfigBuilder.With {
  /** 200,000 spans, 128 MiB, 30 days, in memory alone. */
  public static final StoreConfig DEFAULT =
      new StoreConfig(200_000, 128L << 20, Duration.ofDays(30), Optional.empty());

  /** Checks that there is room. */
  public StoreConfig {
    Objects.requireNonNull(directory, "directory");
    if (maxSpans < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "--max-spans and --max-bytes must be at least 1, were %d and %d"
              .formatted(maxSpans, maxBytes));
    }
    if (maxAge.isNegative() || maxAge.isZero()) {
      throw new IllegalArgumentException("--max-days must be at least 1, was " + maxAge.toDays());
    }
  }

  /** So many spans and bytes, the rest as by default. */
  public StoreConfig(int maxSpans, long maxBytes) {
    this(maxSpans, maxBytes, Duration.ofDays(30), Optional.empty());
  }

  /** The same, kept in this directory too. */
  public StoreConfig in(Path where) {
    return withDirectory(Optional.of(where));
  }
}
