package dev.serving.trace;

/**
 * Work that is done in a slice.
 *
 * @param <T> what it returns
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface TracedWork<T, X extends Exception> {
  /** Does the work; may add to the slice. */
  T run(TraceSlice slice) throws X;

  /** Does the work, and tells the slice of what it throws. */
  static <T, X extends Exception> T in(TraceSlice slice, TracedWork<T, X> work) throws X {
    try {
      return work.run(slice);
    } catch (Exception | Error e) {
      slice.error(e);
      throw e;
    }
  }
}
