package dev.serving.core.frontend;

import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.Prompt;
import dev.serving.core.model.text.ChatPrompt;
import dev.serving.template.TemplateException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Renders conversations, and hears whether the template heard: a template that has no place for
 * tools drops them without a word, and the client would never know. Safe from any thread.
 */
final class ChatConversation {
  private final ChatPrompt chat;

  ChatConversation(ChatPrompt chat) {
    this.chat = chat;
  }

  boolean isAvailable() {
    return chat.isAvailable();
  }

  /**
   * The tokens of a conversation.
   *
   * @throws TemplateException when the template refuses it
   * @throws ApiException when the template has no place for something in it
   */
  int[] render(Prompt.Chat conversation) {
    int[] tokens = render(conversation, conversation.tools(), conversation.wishes());
    if (conversation.tools() != null && !conversation.tools().isEmpty()) {
      requireHeard("tools", tokens, conversation, null, conversation.wishes());
    }
    for (String wish : conversation.wishes().keySet()) {
      Map<String, Object> others = new HashMap<>(conversation.wishes());
      others.remove(wish);
      requireHeard(wish, tokens, conversation, conversation.tools(), others);
    }
    return tokens;
  }

  private int[] render(
      Prompt.Chat conversation, List<Map<String, Object>> tools, Map<String, Object> wishes) {
    Map<String, Object> variables = new HashMap<>(conversation.variables());
    variables.putAll(wishes);
    return chat.render(
        conversation.messages(),
        tools,
        conversation.addGenerationPrompt(),
        conversation.addSpecial(),
        variables);
  }

  /** Refuses a wish without which the prompt would be the same. */
  private void requireHeard(
      String wish,
      int[] tokens,
      Prompt.Chat conversation,
      List<Map<String, Object>> tools,
      Map<String, Object> wishes) {
    if (Arrays.equals(tokens, without(conversation, tools, wishes))) {
      throw new ApiException(
          ApiError.unsupported(
              wish, "This model's chat template has no place for '" + wish + "'."));
    }
  }

  private int[] without(
      Prompt.Chat conversation, List<Map<String, Object>> tools, Map<String, Object> wishes) {
    try {
      return render(conversation, tools, wishes);
    } catch (TemplateException e) {
      return new int[0]; // a template that needs it has heard it
    }
  }
}
