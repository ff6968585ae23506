package dev.serving.core.message;

/** Why a request ended. Every request ends by exactly one of these. */
public enum FinishReason {
  /** A stop token or a stop string. */
  STOP,
  /** As many tokens as were asked for, or as fit. */
  LENGTH,
  /** Nobody wants the answer any more. */
  ABORT,
  /** It could never be served as asked; the text says why. */
  REFUSED,
  /** The engine has as many requests as it keeps; try again later. */
  BUSY,
  /** The server failed it; the text says why. */
  ERROR;

  /** Whether the client gets an error instead of an answer. */
  public boolean failed() {
    return this == REFUSED || this == BUSY || this == ERROR;
  }
}
