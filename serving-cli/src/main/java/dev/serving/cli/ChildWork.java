package dev.serving.cli;

import dev.serving.core.message.Link;
import dev.serving.trace.Tracing;
import java.time.Duration;
import org.zeromq.ZContext;

/**
 * What an engine's and a rank's process do for their parent, between hearing what it wants and
 * their end.
 *
 * @param <S> what the parent tells
 * @param <T> what comes of it
 */
interface ChildWork<S extends ChildSettings, T> {
  /** Does it; sockets and tracing are put away by the caller. */
  T run(S settings, ZContext context, Tracing tracing);

  /** Longer than a frontend drains: a signal to the whole group must not end children before it. */
  Duration PATIENCE = Duration.ofMinutes(5);

  /** The exit code of a child whose parent is gone. */
  int PARENT_GONE = 3;

  /**
   * Does the work as the parent says on standard input, and watches the parent: when it is gone,
   * what is open is sent as truncated and the process ends.
   */
  static <S extends ChildSettings, T> T forParent(Class<S> type, ChildWork<S, T> work)
      throws Exception {
    ZContext context = early();
    return told(ChildSettings.read(System.in, type), context, work);
  }

  /** What takes a moment and can be had before the parent knows what it wants. */
  private static ZContext early() {
    System.getLogger(ChildWork.class.getName()).log(System.Logger.Level.DEBUG, "waits to be told");
    return Link.context();
  }

  private static <S extends ChildSettings, T> T told(
      S settings, ZContext context, ChildWork<S, T> work) throws Exception {
    if (settings.run() != null) {
      new ProcessNotes(settings.run()).enter();
    }
    return Shutdown.outlasting(
        PATIENCE,
        () -> {
          try (context;
              Tracing tracing =
                  Tracing.start(TraceOptions.config(settings.trace()), settings.journal())) {
            ParentWatch.start(System.in, () -> orphaned(tracing, settings));
            return work.run(settings, context, tracing);
          } finally {
            leave(settings); // a rank may end by itself before it sees that its parent is gone
          }
        });
  }

  private static void leave(ChildSettings settings) {
    if (settings.run() != null) {
      RunDirectory.leave(settings.run());
    }
  }

  private static void orphaned(Tracing tracing, ChildSettings settings) {
    tracing.close();
    if (settings.journal() != null) {
      Journals.remove(settings.journal().getParent());
    }
    leave(settings);
    Runtime.getRuntime().halt(PARENT_GONE);
  }
}
