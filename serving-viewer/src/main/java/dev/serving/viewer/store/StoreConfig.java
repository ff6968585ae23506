package dev.serving.viewer.store;

/**
 * How much a {@link TraceStore} keeps.
 *
 * @param maxSpans spans at most, in all traces together
 * @param maxBytes heap that the kept spans may take, in bytes
 */
public record StoreConfig(int maxSpans, long maxBytes) {
  /** 200,000 spans, 128 MiB. */
  public static final StoreConfig DEFAULT = new StoreConfig(200_000, 128L << 20);

  /** Checks that there is room. */
  public StoreConfig {
    if (maxSpans < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "a store needs room: maxSpans was %d, maxBytes %d".formatted(maxSpans, maxBytes));
    }
  }
}
