package dev.serving.cli;

import dev.serving.trace.Tracing;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/** Tracing in a child process, which also ends cleanly when the parent is gone. */
final class ChildTracing {
  private static final int PARENT_GONE = 3;

  private ChildTracing() {}

  /**
   * Starts tracing as the parent was told to, and watches the parent: when it is gone, what is open
   * is sent as truncated and the process ends.
   *
   * @param journal where to note what the parent must tell if this process is killed; or null
   */
  static Tracing start(Map<String, String> typed, Path journal, InputStream parent) {
    Tracing tracing = Tracing.start(TraceOptions.config(typed), journal);
    ParentWatch.start(
        parent,
        () -> {
          tracing.close();
          if (journal != null) {
            Journals.remove(journal.getParent());
          }
          Runtime.getRuntime().halt(PARENT_GONE);
        });
    return tracing;
  }
}
