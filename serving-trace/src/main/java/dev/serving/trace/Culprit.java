package dev.serving.trace;

import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Whose call it was that made no sense, for the one line a minute that is logged of it. Names are
 * strangers' text: they are cut, and cannot begin a line of their own.
 */
final class Culprit {
  private static final int LONGEST = 100;
  private static final String LIBRARY = Culprit.class.getPackageName();

  private Culprit() {}

  /** Returns a request as a line calls it. */
  static String request(@Nullable String rid) {
    return "request " + quoted(rid);
  }

  /** Returns a text in quotes, on one line and not too long. */
  static String quoted(@Nullable String text) {
    String given = text == null ? "" : text;
    String cut = given.length() > LONGEST ? given.substring(0, LONGEST) + "…" : given;
    return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  /** Returns which function was called, on which thread and from where. */
  static String here() {
    String thread = quoted(Thread.currentThread().getName());
    return StackWalker.getInstance().walk(frames -> caller(frames.iterator(), thread));
  }

  /** The last frame of this library is what was called, the one above it the caller. */
  private static String caller(Iterator<StackFrame> frames, String thread) {
    String function = "";
    while (frames.hasNext()) {
      StackFrame frame = frames.next();
      if (!isOurs(frame.getClassName())) {
        boolean calledByJdk = frame.getClassName().startsWith("java.");
        String by = calledByJdk ? "" : ", called by " + frame;
        return function.isEmpty() ? "thread " + thread : function + by + " on thread " + thread;
      }
      function = frame.getMethodName();
    }
    return "thread " + thread;
  }

  private static boolean isOurs(String type) {
    return type.startsWith(LIBRARY) && type.lastIndexOf('.') == LIBRARY.length();
  }
}
