package dev.serving.core.frontend;

import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Piece;
import dev.serving.core.frontend.api.TokenText;
import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.TokenLogprobs;
import dev.serving.core.model.text.IncrementalDetokenizer;
import dev.serving.core.model.text.StopStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One choice of a request: makes text of its tokens. Used by its postprocess thread only. */
final class Choice {
  final int index;
  final String rid;
  final int promptTokens;
  final int maxTokens;
  final ChoiceTrace trace;

  /** When its tokens came. */
  final TokenClock clock = new TokenClock();

  /** By which hops they did. */
  final TokenHops hops = new TokenHops();

  /** Whether the engine may still send something. */
  boolean open = true;

  private boolean cancelled;

  private final GenerateRequest request;
  private final TokenTexts texts;
  private final PromptText prompt;
  private final TextPlaces places;
  private final StopStrings stops;
  private final int topLogprobs;
  private final List<Piece> pieces = new ArrayList<>();
  private String echo;
  private List<TokenText> pending = new ArrayList<>();
  private int outputTokens;
  private int cachedTokens;
  private String finish;
  private FinishReason engineEnd;
  private boolean prefilled;

  /**
   * What an engine is asked for. A completion's text goes on from its prompt; a chat's answer is a
   * text of its own.
   *
   * @param echo what the text begins with, may be empty
   */
  Choice(
      int index,
      Generate asked,
      ChoiceTrace trace,
      GenerateRequest request,
      ServedModel model,
      String echo) {
    this.index = index;
    this.rid = asked.rid();
    this.promptTokens = asked.prompt().length;
    this.maxTokens = asked.sampling().maxTokens();
    this.trace = trace;
    this.request = request;
    this.texts = new TokenTexts(model.tokenizer());
    this.prompt = new PromptText(asked.prompt(), model.tokenizer());
    IncrementalDetokenizer detokenizer =
        request.endpoint() == Endpoint.COMPLETION
            ? IncrementalDetokenizer.after(model.tokenizer(), request.keepSpecial(), asked.prompt())
            : new IncrementalDetokenizer(model.tokenizer(), request.keepSpecial());
    this.places = new TextPlaces(model.tokenizer(), detokenizer, TextPlaces.characters(echo));
    this.stops = new StopStrings(request.stop());
    this.topLogprobs = request.sampling().topLogprobs();
    this.echo = echo;
  }

  /** Has the engine let go of it; once. */
  void cancel(EngineClient engines, FinishReason reason) {
    if (!cancelled) {
      cancelled = true;
      engines.cancel(rid, reason);
    }
  }

  /** Has the engine make no more of it, or go on. */
  void pause(EngineClient engines, boolean pause) {
    if (pause) {
      engines.pause(rid);
    } else {
      clock.interrupted();
      engines.resume(rid);
    }
  }

  /** Why the text is over, or null while it goes on. */
  String finish() {
    return finish;
  }

  /** Why the engine has let go, or null while it has not. */
  void engineEnded(FinishReason reason) {
    engineEnd = reason;
  }

  /** Why it is over, for the engine or, where the text was over before, for the client. */
  String ending() {
    return finish == null ? engineEnd.name().toLowerCase(Locale.ROOT) : finish;
  }

  /** Its prompt is prefilled: true the first time. */
  boolean prefilled() {
    boolean first = !prefilled;
    prefilled = true;
    return first;
  }

  int outputTokens() {
    return outputTokens;
  }

  int cachedTokens() {
    return cachedTokens;
  }

  /** Takes in what the engine says of the prompt, before its first token. */
  void score(List<TokenLogprobs> more) {
    prompt.add(more);
  }

  /** Takes an output in; returns the text that became certain by it, or null when none did. */
  Piece push(Output output) {
    cachedTokens = Math.max(cachedTokens, output.cachedTokens());
    if (finish != null) {
      return null; // a stop string matched before the engine knew
    }
    StringBuilder text = new StringBuilder(beginning());
    for (int i = 0; i < output.tokens().size() && stops.matched().isEmpty(); i++) {
      token(output, i, text);
    }
    if (output.finish() != null && stops.matched().isEmpty()) {
      text.append(watched(places.flush()));
    }
    conclude(output.finish(), text);
    return piece(text.toString());
  }

  /** The echo, once, with its tokens where those are wanted. */
  private String beginning() {
    String begins = echo;
    if (!begins.isEmpty()) {
      echo = "";
      if (request.scoresEcho()) {
        int length = TextPlaces.characters(begins);
        pending.addAll(prompt.tokens(topLogprobs, request.keepSpecial(), length));
      }
    }
    return begins;
  }

  private void token(Output output, int i, StringBuilder text) {
    int token = output.tokens().get(i);
    outputTokens++;
    if (topLogprobs >= 0 && i < output.logprobs().size()) {
      TokenLogprobs chances = output.logprobs().get(i);
      pending.add(texts.of(token, places.of(token), chances, topLogprobs));
    }
    if (isText(output, i)) {
      text.append(watched(places.push(token)));
    }
  }

  /** Text is watched for stop strings from the first token on that may be the last. */
  private String watched(String fresh) {
    Integer least = request.sampling().minTokens();
    return least != null && outputTokens <= least ? fresh : stops.push(fresh);
  }

  /** All but the stop token, which shows, if it has a text, where stop strings do too. */
  private boolean isText(Output output, int i) {
    return request.includeStop()
        || output.finish() != FinishReason.STOP
        || i < output.tokens().size() - 1;
  }

  private void conclude(FinishReason reason, StringBuilder text) {
    if (stops.matched().isPresent()) {
      finish = "stop";
      text.append(request.includeStop() ? stops.matched().get() : "");
    } else if (reason != null) {
      finish = reason.name().toLowerCase(Locale.ROOT);
      text.append(stops.flush());
    }
  }

  private Piece piece(String text) {
    if (text.isEmpty() && finish == null) {
      return null;
    }
    Piece piece = new Piece(index, text, topLogprobs >= 0 ? pending : null, null, finish);
    pending = new ArrayList<>();
    return piece;
  }

  /** Keeps a piece for a whole answer. */
  void keep(Piece piece) {
    pieces.add(piece);
  }

  /** All pieces that were kept, as one. */
  Piece whole() {
    StringBuilder text = new StringBuilder();
    List<TokenText> tokens = new ArrayList<>();
    for (Piece piece : pieces) {
      text.append(piece.text());
      if (topLogprobs >= 0) {
        tokens.addAll(piece.tokens());
      }
    }
    int most = request.promptLogprobs();
    List<TokenText> before = most >= 0 ? prompt.tokens(most, true, Integer.MAX_VALUE) : null;
    return new Piece(index, text.toString(), topLogprobs >= 0 ? tokens : null, before, finish);
  }
}
