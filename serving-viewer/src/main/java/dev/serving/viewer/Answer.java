package dev.serving.viewer;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an endpoint answers.
 *
 * @param status HTTP status
 * @param contentType of the body
 * @param body may be empty
 * @param headers further ones
 */
record Answer(int status, String contentType, ByteString body, Map<String, String> headers) {
  static final String JSON = "application/json";

  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer of(int status, String contentType, ByteString body) {
    return new Answer(status, contentType, body, Map.of());
  }

  static Answer json(Object value) {
    return json(200, value);
  }

  static Answer json(int status, Object value) {
    return of(status, JSON, Json.bytes(value));
  }

  /** An error in the shape of this module's own endpoints. */
  static Answer error(int status, String message) {
    return json(status, Map.of("error", message));
  }

  /** What a query is answered, or why it cannot be. */
  static Answer orError(Query query) {
    try {
      return query.answer();
    } catch (BadQueryException e) {
      return error(e.status(), e.getMessage());
    }
  }

  /** Answers, or says what is wrong with the question. */
  @FunctionalInterface
  interface Query {
    Answer answer() throws BadQueryException;
  }

  Answer with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Answer(status, contentType, body, more);
  }

  /** The same under a tag, or 304 without a body if the caller has that one already. */
  Answer unlessKnown(String tag, HttpCall call) {
    String quoted = '"' + tag + '"';
    Answer answer =
        call.header("if-none-match").equals(quoted) ? of(304, contentType, ByteString.EMPTY) : this;
    return answer.with("ETag", quoted).with("Cache-Control", "no-cache");
  }
}
