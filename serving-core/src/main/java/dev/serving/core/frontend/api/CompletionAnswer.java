package dev.serving.core.frontend.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers of {@code /v1/completions}; events and whole answers have the same shape. */
final class CompletionAnswer extends AnswerWriter {
  CompletionAnswer(String id, long created, String model, boolean withUsage) {
    super(id, created, model, withUsage);
  }

  @Override
  public byte[] opening(int index) {
    return null;
  }

  @Override
  public byte[] chunk(Piece piece) {
    return Sse.event(bytes(List.of(piece), unknown, null));
  }

  @Override
  public byte[] last(Optional<Usage> usage, Timings timings) {
    return Sse.event(bytes(List.of(), usage.isPresent() ? usage : unknown, timings));
  }

  @Override
  public byte[] whole(List<Piece> choices, Usage usage, Timings timings) {
    return bytes(choices, Optional.of(usage), timings);
  }

  private byte[] bytes(List<Piece> choices, Optional<Usage> usage, Timings timings) {
    List<Choice> list = choices.stream().map(Choice::of).toList();
    return Json.bytes(new Whole(id, "text_completion", created, model, list, usage, timings));
  }

  private record Whole(
      String id,
      String object,
      long created,
      String model,
      List<Choice> choices,
      @JsonInclude(JsonInclude.Include.NON_NULL) Optional<Usage> usage,
      @JsonInclude(JsonInclude.Include.NON_NULL) Timings timings) {}

  private record Choice(
      int index,
      String text,
      Logprobs logprobs,
      String finishReason,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          List<Map<Integer, PromptLogprobs.Entry>> promptLogprobs) {
    static Choice of(Piece piece) {
      Logprobs logprobs = piece.tokens() == null ? null : Logprobs.of(piece);
      return new Choice(
          piece.index(), piece.text(), logprobs, piece.finish(), PromptLogprobs.of(piece.prompt()));
    }
  }

  private record Logprobs(
      List<Integer> textOffset,
      List<Float> tokenLogprobs,
      List<String> tokens,
      List<Map<String, Float>> topLogprobs) {
    static Logprobs of(Piece piece) {
      List<TokenText> tokens = piece.tokens();
      return new Logprobs(
          tokens.stream().map(TokenText::offset).toList(),
          tokens.stream().map(TokenText::logprob).toList(),
          tokens.stream().map(TokenText::name).toList(),
          tokens.stream().map(Logprobs::top).toList());
    }

    /** The likeliest tokens and the token itself; null for one that has no likelihood. */
    private static Map<String, Float> top(TokenText token) {
      if (token.logprob() == null) {
        return null;
      }
      Map<String, Float> map = new LinkedHashMap<>();
      token.top().forEach(t -> put(map, t));
      if (token.top().stream().noneMatch(t -> t.id() == token.id())) {
        put(map, token);
      }
      return map;
    }

    /** Tokens of the same text stay apart: one is named by its text, the others by their ids. */
    private static void put(Map<String, Float> map, TokenText token) {
      if (map.putIfAbsent(token.name(), token.logprob()) != null) {
        map.put("token_id:" + token.id(), token.logprob());
      }
    }
  }
}
