package dev.serving.core.frontend;

import dev.serving.core.config.SamplingDefaults;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Prompt;
import dev.serving.core.frontend.api.Sampling;
import dev.serving.core.message.Constraints;
import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.GenerationConfig;
import dev.serving.core.model.text.ChatPrompt;
import dev.serving.core.model.text.IncrementalDetokenizer;
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
  private final ChatConversation chat;
  private final SamplingDefaults defaults;
  private final boolean ends;

  private ServedModel(
      String name,
      Tokenizer tokenizer,
      ChatConversation chat,
      SamplingDefaults defaults,
      boolean ends) {
    this.name = name;
    this.tokenizer = tokenizer;
    this.chat = chat;
    this.defaults = defaults;
    this.ends = ends;
  }

  /**
   * Opens what text needs: the tokenizer and the chat template.
   *
   * @throws dev.serving.core.model.text.TokenizerException if its tokenizer cannot be used
   */
  static ServedModel open(Checkpoint checkpoint, String name) {
    Tokenizer tokenizer = Tokenizer.open(checkpoint.directory());
    ChatPrompt chat = ChatPrompt.open(checkpoint.directory(), tokenizer);
    GenerationConfig says = checkpoint.generation();
    return new ServedModel(
        name,
        tokenizer,
        new ChatConversation(chat),
        ModelDefaults.of(says),
        !says.stopTokens().isEmpty());
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

  /** The tokens of a prompt to generate from: at least one. */
  int[] prompt(Prompt prompt) {
    String param = prompt instanceof Prompt.Chat ? "messages" : "prompt";
    return notEmpty(tokens(prompt), param);
  }

  /** The tokens of a prompt; refuses what the template or the vocabulary cannot take. */
  int[] tokens(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return tokenizer.encodePrompt(text.text(), text.addSpecial(), text.parseSpecial());
    }
    if (prompt instanceof Prompt.Chat conversation) {
      return conversation(conversation);
    }
    return known(((Prompt.Tokens) prompt).ids());
  }

  private int[] conversation(Prompt.Chat conversation) {
    if (!chat.isAvailable()) {
      throw new ApiException(
          ApiError.unsupported(
              "messages", "This model has no chat template; use /v1/completions instead."));
    }
    try {
      return chat.render(conversation);
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

  /** What a request lets its text be, in tokens. */
  Constraints constraints(Sampling sampling) {
    if (!sampling.constraints().choices().isEmpty() && !ends && sampling.stopTokens().isEmpty()) {
      throw new ApiException(
          ApiError.unsupported(
              "guided_choice", "This model has no end token; name one in 'stop_token_ids'."));
    }
    return new Spellings(tokenizer).constraints(sampling.constraints());
  }

  /** The text of a prompt, for people to read. */
  String text(Prompt prompt) {
    return prompt instanceof Prompt.Text text
        ? text.text()
        : tokenizer.decode(((Prompt.Tokens) prompt).ids(), true);
  }

  /** What an answer that echoes its prompt begins with: a text as it came, unless it was cut. */
  String echo(Prompt prompt, int[] tokens, GenerateRequest request) {
    boolean whole = request.truncatePrompt() == 0;
    return prompt instanceof Prompt.Text text && whole
        ? text.text()
        : IncrementalDetokenizer.whole(tokenizer.decode(tokens, request.keepSpecial()));
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
