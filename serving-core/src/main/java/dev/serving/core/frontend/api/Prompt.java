package dev.serving.core.frontend.api;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What the model is to go on from. */
public sealed interface Prompt {

  /**
   * Text that becomes tokens as it is.
   *
   * @param text the text
   * @param addSpecial whether the tokenizer puts around it what it puts around a prompt
   * @param parseSpecial whether special tokens that it spells are special
   */
  record Text(String text, boolean addSpecial, boolean parseSpecial) implements Prompt {}

  /**
   * Tokens.
   *
   * @param ids token ids, at least one
   */
  @SuppressWarnings("ArrayRecordComponent") // a prompt may have a million; equality is by content
  record Tokens(int[] ids) implements Prompt {
    @Override
    public boolean equals(Object other) {
      return other instanceof Tokens tokens && Arrays.equals(ids, tokens.ids);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(ids);
    }
  }

  /**
   * A conversation, for the model's chat template.
   *
   * @param messages the messages as plain maps, at least one
   * @param tools tool definitions as plain maps, or null where there are none at all
   * @param addGenerationPrompt whether the template opens the assistant's turn
   * @param addSpecial whether the tokenizer puts around it what it puts around a prompt
   * @param wishes variables by their names in the request, which only some templates hear
   * @param variables further variables for the template
   */
  record Chat(
      List<Map<String, Object>> messages,
      List<Map<String, Object>> tools,
      boolean addGenerationPrompt,
      boolean addSpecial,
      Map<String, Object> wishes,
      Map<String, Object> variables)
      implements Prompt {
    /** Copies the lists. */
    public Chat {
      messages = List.copyOf(messages);
      tools = tools == null ? null : List.copyOf(tools);
      wishes = Map.copyOf(wishes);
    }
  }
}
