package dev.serving.core.frontend.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers of {@code /v1/chat/completions}. */
final class ChatAnswer extends AnswerWriter {
  private static final String ROLE = "assistant";

  ChatAnswer(String id, long created, String model, boolean withUsage) {
    super(id, created, model, withUsage);
  }

  @Override
  public byte[] opening(int index) {
    return event(List.of(new ChunkChoice(index, new Delta(ROLE, ""), null, null)), unknown, null);
  }

  @Override
  public byte[] chunk(Piece piece) {
    Delta delta = new Delta(null, piece.text().isEmpty() ? null : piece.text());
    Logprobs logprobs = Logprobs.of(piece.tokens());
    return event(
        List.of(new ChunkChoice(piece.index(), delta, logprobs, piece.finish())), unknown, null);
  }

  @Override
  public byte[] last(Optional<Usage> usage, Timings timings) {
    return event(List.of(), usage.isPresent() ? usage : unknown, timings);
  }

  private byte[] event(List<ChunkChoice> choices, Optional<Usage> usage, Timings timings) {
    return Sse.event(
        Json.bytes(
            new Chunk(id, "chat.completion.chunk", created, model, choices, usage, timings)));
  }

  @Override
  public byte[] whole(List<Piece> choices, Usage usage, Timings timings) {
    List<Choice> list = choices.stream().map(Choice::of).toList();
    List<Map<Integer, PromptLogprobs.Entry>> prompt = PromptLogprobs.of(choices.get(0).prompt());
    return Json.bytes(
        new Whole(id, "chat.completion", created, model, list, usage, timings, prompt));
  }

  private record Whole(
      String id,
      String object,
      long created,
      String model,
      List<Choice> choices,
      Usage usage,
      @JsonInclude(JsonInclude.Include.NON_NULL) Timings timings,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          List<Map<Integer, PromptLogprobs.Entry>> promptLogprobs) {}

  private record Choice(int index, Message message, Logprobs logprobs, String finishReason) {
    static Choice of(Piece piece) {
      return new Choice(
          piece.index(),
          new Message(ROLE, piece.text(), null),
          Logprobs.of(piece.tokens()),
          piece.finish());
    }
  }

  private record Message(String role, String content, String refusal) {}

  private record Chunk(
      String id,
      String object,
      long created,
      String model,
      List<ChunkChoice> choices,
      @JsonInclude(JsonInclude.Include.NON_NULL) Optional<Usage> usage,
      @JsonInclude(JsonInclude.Include.NON_NULL) Timings timings) {}

  private record ChunkChoice(int index, Delta delta, Logprobs logprobs, String finishReason) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Delta(String role, String content) {}

  private record Logprobs(List<Token> content, List<Token> refusal) {
    static Logprobs of(List<TokenText> tokens) {
      return tokens == null ? null : new Logprobs(tokens.stream().map(Token::of).toList(), null);
    }
  }

  private record Token(
      String token, float logprob, List<Integer> bytes, List<Alternative> topLogprobs) {
    static Token of(TokenText text) {
      return new Token(
          text.token(),
          text.logprob(),
          text.bytes(),
          text.top().stream()
              .map(t -> new Alternative(t.token(), t.logprob(), t.bytes()))
              .toList());
    }
  }

  private record Alternative(String token, float logprob, List<Integer> bytes) {}
}
