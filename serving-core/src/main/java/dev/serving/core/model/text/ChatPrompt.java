package dev.serving.core.model.text;

import dev.serving.template.ChatTemplate;
import dev.serving.template.Literal;
import dev.serving.template.Rendering;
import dev.serving.template.TemplateException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a conversation into the tokens that a checkpoint's chat template asks for.
 *
 * <p>The rendered prompt knows of each character whether the template or a message wrote it, and
 * only what the template wrote can become a special token: {@code <|im_end|>} in a message is
 * eleven characters of text, before and after whatever the template does to it. Where no message
 * spells a special token the result is that of {@code transformers}.
 *
 * <p>Immutable; safe for use by several threads, as long as the tokenizer is open.
 */
public final class ChatPrompt {
  private final Map<String, ChatTemplate> templates;
  private final Map<String, Literal> specials;
  private final Map<String, ChatMessages> shapes = new HashMap<>();
  private final Tokenizer tokenizer;

  private ChatPrompt(ChatTemplateFiles files, Tokenizer tokenizer) {
    this.templates = files.templates();
    this.specials = files.specials();
    this.tokenizer = tokenizer;
    templates.forEach(
        (name, template) -> shapes.put(name, ChatMessages.forTemplate(template, specials)));
  }

  /**
   * Opens the chat template of a checkpoint. A checkpoint without one is no error: see {@link
   * #isAvailable}.
   *
   * @throws TokenizerException if there is a template that is not understood; the message says
   *     where
   */
  public static ChatPrompt open(Path directory, Tokenizer tokenizer) {
    return new ChatPrompt(ChatTemplateFiles.read(directory), tokenizer);
  }

  /** Says whether the checkpoint has a chat template. */
  public boolean isAvailable() {
    return !templates.isEmpty();
  }

  /**
   * Renders a conversation and tokenizes it.
   *
   * @param messages as OpenAI's API gives them: maps with {@code role}, {@code content} (a string,
   *     parts or null) and so on
   * @param tools as OpenAI's API gives them; null for none; an empty list stays one
   * @param addGenerationPrompt whether the prompt ends where the assistant is to begin
   * @param addSpecial whether to put around it what the tokenizer puts around a prompt; most
   *     templates do so themselves
   * @param kwargs further variables of the template, such as {@code enable_thinking}; those above
   *     take precedence
   * @throws TemplateException if the template refuses the conversation or fails
   * @throws IllegalStateException if the checkpoint has no chat template
   */
  public int[] render(
      List<Map<String, Object>> messages,
      List<Map<String, Object>> tools,
      boolean addGenerationPrompt,
      boolean addSpecial,
      Map<String, Object> kwargs) {
    Rendering prompt = text(messages, tools, addGenerationPrompt, kwargs);
    return tokenizer.encode(prompt.text(), prompt::isAuthored, addSpecial);
  }

  /** Renders and tokenizes with what the template itself puts around the prompt. */
  public int[] render(
      List<Map<String, Object>> messages,
      List<Map<String, Object>> tools,
      boolean addGenerationPrompt,
      Map<String, Object> kwargs) {
    return render(messages, tools, addGenerationPrompt, false, kwargs);
  }

  /** Renders like {@link #render}, without tokenizing. */
  Rendering text(
      List<Map<String, Object>> messages,
      List<Map<String, Object>> tools,
      boolean addGenerationPrompt,
      Map<String, Object> kwargs) {
    boolean withTools = tools != null && !tools.isEmpty();
    String name = choose(withTools);
    Map<String, Object> variables = new HashMap<>(kwargs);
    variables.putAll(specials);
    variables.put("messages", shapes.get(name).of(messages));
    variables.put("tools", tools);
    variables.put("documents", kwargs.get("documents"));
    variables.put("add_generation_prompt", addGenerationPrompt);
    return templates.get(name).renderMarked(variables);
  }

  private String choose(boolean withTools) {
    if (withTools && templates.containsKey("tool_use")) {
      return "tool_use";
    }
    if (templates.containsKey("default")) {
      return "default";
    }
    return templates.keySet().stream()
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "this model has no chat template; add chat_template.jinja to its directory, or"
                        + " use /v1/completions"));
  }
}
