package dev.serving.core.engine;

/** A rank's process, as its engine sees it. Any thread. */
public interface RankProcess {
  /** Its process id. */
  long pid();

  /** Ends it without asking. */
  void destroy();

  /** Calls {@code action} once, on whatever thread, when it has ended; at once if it has. */
  void onExit(Runnable action);
}
