package dev.serving.core.frontend.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers of {@code /v1/completions}; events and whole answers have the same shape. */
final class CompletionAnswer extends AnswerWriter {
  CompletionAnswer(String id, long created, String model) {
    super(id, created, model);
  }

  @Override
  public byte[] opening(int index) {
    return null;
  }

  @Override
  public byte[] chunk(Piece piece) {
    return Sse.event(whole(List.of(piece), null));
  }

  @Override
  public byte[] usage(Usage usage) {
    return Sse.event(whole(List.of(), usage));
  }

  @Override
  public byte[] whole(List<Piece> choices, Usage usage) {
    List<Choice> list = choices.stream().map(Choice::of).toList();
    return Json.bytes(new Whole(id, "text_completion", created, model, list, usage));
  }

  private record Whole(
      String id,
      String object,
      long created,
      String model,
      List<Choice> choices,
      @JsonInclude(JsonInclude.Include.NON_NULL) Usage usage) {}

  private record Choice(int index, String text, Logprobs logprobs, String finishReason) {
    static Choice of(Piece piece) {
      Logprobs logprobs =
          piece.tokens() == null ? null : Logprobs.of(piece.tokens(), piece.textOffset());
      return new Choice(piece.index(), piece.text(), logprobs, piece.finish());
    }
  }

  private record Logprobs(
      List<Integer> textOffset,
      List<Float> tokenLogprobs,
      List<String> tokens,
      List<Map<String, Float>> topLogprobs) {
    static Logprobs of(List<TokenText> tokens, int from) {
      List<Integer> offsets = new ArrayList<>();
      int offset = from;
      for (TokenText token : tokens) {
        offsets.add(offset);
        offset += token.token().length();
      }
      return new Logprobs(
          offsets,
          tokens.stream().map(TokenText::logprob).toList(),
          tokens.stream().map(TokenText::token).toList(),
          tokens.stream().map(Logprobs::top).toList());
    }

    private static Map<String, Float> top(TokenText token) {
      Map<String, Float> map = new LinkedHashMap<>();
      token.top().forEach(t -> map.putIfAbsent(t.token(), t.logprob()));
      return map;
    }
  }
}
