package dev.serving.core.frontend;

/**
 * What a report says of a request besides its account.
 *
 * @param id the request's
 * @param traceId its trace's, or null
 * @param client whose it is, which is told nobody
 * @param promptTokens of all its prompts
 * @param outputTokens of all its choices
 */
record ReportedRequest(
    String id, String traceId, String client, int promptTokens, int outputTokens) {
  static ReportedRequest of(Generation generation) {
    return new ReportedRequest(
        generation.rid(),
        generation.trace().traceId().orElse(null),
        generation.client(),
        generation.choices().promptTokens(),
        generation.choices().outputTokens());
  }

  /** Whether somebody who says this means this request: by its id, or its trace's. */
  boolean is(String name) {
    return name.equals(id) || name.equals(traceId);
  }
}
