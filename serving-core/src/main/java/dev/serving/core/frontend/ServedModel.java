package dev.serving.core.frontend;

import dev.serving.core.config.SamplingDefaults;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.Prompt;
import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.GenerationConfig;
import dev.serving.core.model.text.ChatPrompt;
import dev.serving.core.model.text.Tokenizer;
import dev.serving.template.TemplateException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the frontend needs of the model: its name, its tokenizer, its chat template and how it likes
 * to be sampled. Safe from any thread.
 */
final class ServedModel implements AutoCloseable {
  private final String name;
  private final long created = System.currentTimeMillis() / 1000;
  private final Tokenizer tokenizer;
  private final ChatPrompt chat;
  private final SamplingDefaults defaults;

  private ServedModel(
      String name, Tokenizer tokenizer, ChatPrompt chat, SamplingDefaults defaults) {
    this.name = name;
    this.tokenizer = tokenizer;
    this.chat = chat;
    this.defaults = defaults;
  }

  /**
   * Opens what text needs: the tokenizer and the chat template.
   *
   * @throws dev.serving.core.model.text.TokenizerException if its tokenizer cannot be used
   */
  static ServedModel open(Checkpoint checkpoint, String name) {
    Tokenizer tokenizer = Tokenizer.open(checkpoint.directory());
    ChatPrompt chat = ChatPrompt.open(checkpoint.directory(), tokenizer);
    return new ServedModel(name, tokenizer, chat, defaults(checkpoint.generation()));
  }

  private static SamplingDefaults defaults(GenerationConfig says) {
    SamplingDefaults neutral = SamplingDefaults.NEUTRAL;
    return new SamplingDefaults(
        (float) says.temperature().orElse(neutral.temperature()),
        (float) says.topP().orElse(neutral.topP()),
        says.topK().orElse(neutral.topK()),
        neutral.minP(),
        (float) says.repetitionPenalty().orElse(neutral.repetitionPenalty()));
  }

  String name() {
    return name;
  }

  /** When it was opened, in seconds since the epoch. */
  long created() {
    return created;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  SamplingDefaults defaults() {
    return defaults;
  }

  /** Refuses prompts unread from now on that cannot but make more tokens than these. */
  void refuseBeyond(int tokens) {
    tokenizer.refuseBeyond(tokens);
  }

  /** Refuses a request for another model (404). */
  void require(String asked) {
    if (!asked.equals(name)) {
      throw new ApiException(ApiError.unknownModel(asked, name));
    }
  }

  /** The tokens of a prompt; refuses what the template or the vocabulary cannot take. */
  int[] tokens(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return notEmpty(tokenizer.encodePrompt(text.text()), "prompt");
    }
    if (prompt instanceof Prompt.Chat conversation) {
      return notEmpty(render(conversation), "messages");
    }
    return known(((Prompt.Tokens) prompt).ids());
  }

  /** The tokens of a text without what the tokenizer puts around a prompt. */
  int[] bare(Prompt prompt) {
    return prompt instanceof Prompt.Text text ? tokenizer.encode(text.text()) : tokens(prompt);
  }

  private int[] render(Prompt.Chat conversation) {
    if (!chat.isAvailable()) {
      throw new ApiException(
          ApiError.unsupported(
              "messages", "This model has no chat template; use /v1/completions instead."));
    }
    try {
      return chat.render(
          conversation.messages(),
          conversation.tools(),
          conversation.addGenerationPrompt(),
          conversation.variables());
    } catch (TemplateException e) {
      throw new ApiException(
          ApiError.invalid(
              "messages", "The chat template refused the messages: " + e.getMessage()));
    }
  }

  private static int[] notEmpty(int[] tokens, String param) {
    if (tokens.length == 0) {
      throw new ApiException(ApiError.invalid(param, "'" + param + "' makes no token."));
    }
    return tokens;
  }

  private int[] known(int[] ids) {
    for (int id : ids) {
      requireToken("prompt", id);
    }
    return ids;
  }

  /** Refuses token ids that the vocabulary does not have. */
  void requireToken(String param, int id) {
    if (id < 0 || id >= tokenizer.vocabSize()) {
      throw new ApiException(
          ApiError.invalid(
              param,
              "'%s' has token id %d; this model has ids from 0 to %d."
                  .formatted(param, id, tokenizer.vocabSize() - 1)));
    }
  }

  /**
   * The text of a prompt, for answers that echo it.
   *
   * @param keepSpecial whether special tokens appear in it by their names
   */
  String text(Prompt prompt, boolean keepSpecial) {
    return prompt instanceof Prompt.Text text
        ? text.text()
        : tokenizer.decode(((Prompt.Tokens) prompt).ids(), keepSpecial);
  }

  /** The tokens' pieces, for people to read. */
  List<String> pieces(int[] ids) {
    List<String> pieces = new ArrayList<>(ids.length);
    for (int id : ids) {
      pieces.add(tokenizer.piece(id));
    }
    return pieces;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
