package dev.serving.cli.load;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Why a server did not do what it was asked. */
public final class Refusal {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LONGEST = 160;

  private Refusal() {}

  /**
   * What an answer with an error says, as OpenAI's API or Jaeger's says it, or its beginning; one
   * line.
   */
  public static String of(String body) {
    if (body.stripLeading().startsWith("<")) {
      return "a page for people, so it may be another server than was meant";
    }
    String line = text(body).strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }

  private static String text(String body) {
    try {
      JsonNode answer = JSON.readTree(body);
      JsonNode error = answer.path("error");
      String jaegers = answer.path("errors").path(0).path("msg").asString(body);
      return error.isString() ? error.asString() : error.path("message").asString(jaegers);
    } catch (JacksonException e) {
      return body;
    }
  }
}
