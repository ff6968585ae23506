package dev.serving.core.frontend.api;

/** The two ways of asking for text; each has its own request, answer and ids. */
public enum Endpoint {
  /** {@code POST /v1/chat/completions}. */
  CHAT("/v1/chat/completions", "chatcmpl-", "chat"),
  /** {@code POST /v1/completions}. */
  COMPLETION("/v1/completions", "cmpl-", "text_completion");

  private final String path;
  private final String idPrefix;
  private final String operation;

  Endpoint(String path, String idPrefix, String operation) {
    this.path = path;
    this.idPrefix = idPrefix;
    this.operation = operation;
  }

  /** The path. */
  public String path() {
    return path;
  }

  /** What ids of answers begin with. */
  public String idPrefix() {
    return idPrefix;
  }

  /** The value of {@code gen_ai.operation.name}. */
  public String operation() {
    return operation;
  }
}
