package dev.serving.core.frontend;

import dev.serving.core.fault.FatalError;

/** Work for one request, on a thread that serves others, too. */
final class RequestWork {
  private RequestWork() {}

  /**
   * Does it; a failure is logged and ends only that, an error is told to the process and thrown.
   */
  static void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      System.getLogger(RequestWork.class.getName())
          .log(System.Logger.Level.ERROR, "a request's work failed", e);
    } catch (Error e) {
      FatalError.report(e);
      throw e;
    }
  }
}
