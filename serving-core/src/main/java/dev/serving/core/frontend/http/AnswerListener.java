package dev.serving.core.frontend.http;

/** Hears what requests were answered. Called by event loops; must neither block nor throw. */
@FunctionalInterface
public interface AnswerListener {
  /**
   * A request is over.
   *
   * @param method as sent
   * @param path of the route that it found, or "" when it found none
   * @param status of the answer, 0 when the client was gone before there was one
   */
  void answered(String method, String path, int status);
}
