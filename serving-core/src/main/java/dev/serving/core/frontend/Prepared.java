package dev.serving.core.frontend;

import dev.serving.core.frontend.api.AnswerWriter;
import dev.serving.core.message.EngineMessage.Generate;
import java.util.List;

/**
 * What preprocessing makes of a request.
 *
 * @param writer how its answer is written
 * @param choices its choices, with no text yet
 * @param generates what an engine is to make for each of them, in the same order
 */
record Prepared(AnswerWriter writer, Choices choices, List<Generate> generates) {
  /** In an array, and in the message to the engine. */
  private static final long TOKEN_BYTES = 9;

  /** How much memory its tokens take, in bytes. */
  long weight() {
    return generates.stream().mapToLong(g -> TOKEN_BYTES * g.prompt().length).sum();
  }
}
