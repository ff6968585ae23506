package dev.serving.viewer;

import java.util.function.Consumer;

/**
 * Tells whoever runs the viewer that one of its threads met an error (no memory, no stack, a class
 * that does not load): what it left half done cannot be known, so the process should say so and
 * end. Exceptions are no such thing.
 */
final class ErrorWatch {
  private final Consumer<Error> told;

  ErrorWatch(Consumer<Error> told) {
    this.told = told;
  }

  /** Looks at what a thread was stopped by. */
  void see(Throwable thrown) {
    if (thrown instanceof Error error) {
      told.accept(error);
    }
  }

  /** The same work, watched. */
  Runnable over(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (Error error) {
        see(error);
        throw error;
      }
    };
  }
}
