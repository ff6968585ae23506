package dev.serving.trace;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Does something on a thread of its own and waits for it. */
final class InThread {
  private InThread() {}

  static void run(Runnable work) throws Exception {
    call(
        () -> {
          work.run();
          return null;
        });
  }

  static <T> T call(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task, "in-thread").start();
    return task.get();
  }
}
