package dev.serving.core.frontend.api;

import java.util.Objects;

/**
 * What a client is told when it gets no answer, in the shape that OpenAI's clients expect.
 *
 * @param status the HTTP status, 400 to 599
 * @param type the error's family, such as {@code invalid_request_error}
 * @param param the parameter at fault, or null
 * @param code a stable word for programs, or null
 * @param message one sentence for people that says what to do
 * @param retryAfterSeconds when to try again, or 0 when trying again does not help
 */
public record ApiError(
    int status, String type, String param, String code, String message, int retryAfterSeconds) {
  private static final String INVALID = "invalid_request_error";

  /** Refuses statuses that are no error, and errors without words. */
  public ApiError {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status must be 400 to 599, was " + status);
    }
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(message, "message");
  }

  /** A value that cannot be (400). */
  public static ApiError invalid(String param, String message) {
    return new ApiError(400, INVALID, param, "invalid_value", message, 0);
  }

  /** A body that is no JSON object (400). */
  public static ApiError malformed(String message) {
    return new ApiError(400, INVALID, null, "invalid_json", message, 0);
  }

  /** Bytes that are no HTTP request (400). */
  public static ApiError badRequest(String message) {
    return new ApiError(400, INVALID, null, "bad_request", message, 0);
  }

  /** A prompt that does not fit the model (400). */
  public static ApiError tooLong(String param, String message) {
    return new ApiError(400, INVALID, param, "context_length_exceeded", message, 0);
  }

  /** A key that is missing or wrong (401). */
  public static ApiError unauthorized() {
    return new ApiError(
        401,
        "authentication_error",
        null,
        "invalid_api_key",
        "Send a valid API key as 'Authorization: Bearer <key>'.",
        0);
  }

  /** A page of another origin (403). */
  public static ApiError wrongOrigin(String message) {
    return new ApiError(403, INVALID, null, "origin_not_allowed", message, 0);
  }

  /** A host that this server is not (421). */
  public static ApiError wrongHost(String message) {
    return new ApiError(421, INVALID, null, "host_not_allowed", message, 0);
  }

  /** More is held for clients than this server has room for (503). */
  public static ApiError crowded() {
    return unavailable("overloaded", "The server holds too much for its clients; try again later.");
  }

  /** A path that is not served (404). */
  public static ApiError unknownPath(String method, String path) {
    return new ApiError(
        404, INVALID, null, "unknown_url", "No such path: " + method + " " + path, 0);
  }

  /** A model that is not served (404). */
  public static ApiError unknownModel(String asked, String served) {
    return new ApiError(
        404,
        INVALID,
        "model",
        "model_not_found",
        "The model '" + asked + "' does not exist; this server has '" + served + "'.",
        0);
  }

  /** A method that the path does not take (405). */
  public static ApiError wrongMethod(String method, String path, String allowed) {
    return new ApiError(
        405,
        INVALID,
        null,
        "method_not_allowed",
        path + " takes " + allowed + ", not " + method,
        0);
  }

  /** A request that took too long to arrive (408). */
  public static ApiError slowRequest() {
    return new ApiError(
        408, "timeout_error", null, "request_timeout", "The request took too long to arrive.", 0);
  }

  /** A body over the limit (413). */
  public static ApiError tooLarge(long limit) {
    return new ApiError(
        413, INVALID, null, "body_too_large", "The body is over " + limit + " bytes.", 0);
  }

  /** A body of which more would be made than this server has room for (413). */
  public static ApiError tooHeavy(long weight, long most) {
    return new ApiError(
        413,
        INVALID,
        null,
        "body_too_large",
        "Reading this body may take %d bytes; this server has %d for all its clients."
            .formatted(weight, most),
        0);
  }

  /** A path or query over the limit (414). */
  public static ApiError lineTooLong() {
    return new ApiError(414, INVALID, null, "uri_too_long", "The request line is too long.", 0);
  }

  /** A body that is not JSON by its own account (415). */
  public static ApiError mediaType(String message) {
    return new ApiError(415, INVALID, null, "unsupported_media_type", message, 0);
  }

  /** An expectation that cannot be met (417). */
  public static ApiError expectation(String expected) {
    return new ApiError(
        417, INVALID, null, "expectation_failed", "Cannot meet 'Expect: " + expected + "'.", 0);
  }

  /** A request that is well-formed and asks for what this server does not do (422). */
  public static ApiError unsupported(String param, String message) {
    return new ApiError(422, INVALID, param, "unsupported_value", message, 0);
  }

  /** Headers over the limit (431). */
  public static ApiError headersTooLarge() {
    return new ApiError(431, INVALID, null, "headers_too_large", "The headers are too large.", 0);
  }

  /** More open requests than this server takes (429). */
  public static ApiError tooManyRequests(int limit) {
    return new ApiError(
        429,
        "rate_limit_error",
        null,
        "too_many_requests",
        "This server already has " + limit + " open requests; try again later.",
        1);
  }

  /** A failure of the server (500). */
  public static ApiError internal(String message) {
    return new ApiError(500, "server_error", null, "internal_error", message, 0);
  }

  /** A server that cannot take the request now (503). */
  public static ApiError unavailable(String code, String message) {
    return new ApiError(503, "server_error", null, code, message, 1);
  }

  /** A request that took too long to serve (504). */
  public static ApiError timeout() {
    return new ApiError(
        504,
        "timeout_error",
        null,
        "timeout",
        "The request took longer than this server allows.",
        0);
  }

  /** The word for it in traces, metrics and logs: its code, or its family where it has none. */
  public String name() {
    return code == null ? type : code;
  }

  /** Whether it is no client's fault, by its status. */
  public boolean serversFault() {
    return status >= 500;
  }

  /** The body of the answer: {@code {"error": …}}. */
  public byte[] body() {
    return Json.bytes(new Body(new Words(message, type, param, code)));
  }

  private record Body(Words error) {}

  private record Words(String message, String type, String param, String code) {}
}
