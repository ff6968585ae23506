package dev.serving.core.frontend.metrics;

import java.util.List;
import java.util.Set;

/**
 * How requests for text end, as labels: the codes that clients hear, and what they do not hear. All
 * are known beforehand, so that a first failure is a rise from 0 and not a series nobody had.
 */
final class Endings {
  static final String ANSWERED = "answered";

  /** A code that is not in the list, which a test would have to overlook. */
  static final String OTHER = "other";

  static final List<String> FAILED =
      List.of(
          "aborted",
          "bad_request",
          "body_too_large",
          "client_gone",
          "client_slow",
          "context_length_exceeded",
          "engine_failed",
          "expectation_failed",
          "headers_too_large",
          "host_not_allowed",
          "internal_error",
          "invalid_api_key",
          "invalid_json",
          "invalid_value",
          "model_not_found",
          "no_engine",
          "origin_not_allowed",
          "overloaded",
          "request_timeout",
          "shutting_down",
          "timeout",
          "too_many_requests",
          "unsupported_media_type",
          "unsupported_value",
          "uri_too_long",
          OTHER);

  private static final Set<String> KNOWN = Set.copyOf(FAILED);

  private Endings() {}

  /** The label of an error; "" when there was none. */
  static String error(String errorType) {
    return errorType == null ? "" : KNOWN.contains(errorType) ? errorType : OTHER;
  }

  /** How the request ended, in a word. */
  static String ending(String errorType) {
    return errorType == null ? ANSWERED : error(errorType);
  }
}
