package dev.serving.core.engine;

/** A rank is dead, stuck or failed, so the engine cannot go on. The message is one line. */
public final class RankLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RankLostException(String message) {
    super(message);
  }
}
