package dev.serving.core.frontend;

import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.http.Ending;

/**
 * What went wrong with a request, if anything did. Used by the request's postprocess thread only.
 */
final class Failure {
  private ApiError error;
  private String type;
  private String cutShort;

  /** Something ends the request before its texts are over; the first reason counts. */
  void cut(String reason) {
    cutShort = cutShort == null ? reason : cutShort;
  }

  /** Its client was told this instead of an answer, or of the rest of it. */
  void told(ApiError why) {
    error = why;
    type = why.name();
  }

  /** Its client heard only a part, or nothing: it is gone, or does not read. */
  void unheard(Ending.Kind kind) {
    boolean slow = kind == Ending.Kind.CLIENT_SLOW;
    type = slow ? "client_slow" : "client_gone";
    cutShort = slow ? "the client did not read its answer" : "the client is gone";
  }

  /** What its client was told, or null. */
  ApiError error() {
    return error;
  }

  /** The {@code error.type} of traces and metrics, or null. */
  String type() {
    return type;
  }

  /** Why it ended before its texts were over, or null. */
  String cutShort() {
    return cutShort;
  }
}
