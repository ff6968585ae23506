package dev.serving.core.frontend;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What was opened on the way to something that is made of several: closed again, the last first,
 * unless all of it could be had. For a {@code try} of one thread.
 *
 * <pre>
 *   try (Opening opening = new Opening()) {
 *     first = opening.of(new First(), First::close);
 *     second = opening.of(new Second(first), Second::close);
 *     opening.done();
 *   }
 * </pre>
 */
final class Opening implements AutoCloseable {
  private final Deque<Runnable> ends = new ArrayDeque<>();

  /** A part that is open now, and how it is closed. */
  <T> T of(T part, Consumer<? super T> close) {
    ends.push(() -> close.accept(part));
    return part;
  }

  /** All parts are there: they are their owner's to close. */
  void done() {
    ends.clear();
  }

  /** Closes every part, also when one of them cannot be closed. */
  @Override
  public void close() {
    while (!ends.isEmpty()) {
      try {
        ends.pop().run();
      } catch (
          RuntimeException e) { // what kept the whole from being made is what is to be heard of
        System.getLogger(Opening.class.getName())
            .log(System.Logger.Level.WARNING, "a part could not be closed", e);
      }
    }
  }
}
