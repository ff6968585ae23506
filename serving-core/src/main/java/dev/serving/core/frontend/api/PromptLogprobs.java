package dev.serving.core.frontend.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The field {@code prompt_logprobs} of an answer, in vLLM's shape. */
final class PromptLogprobs {
  private PromptLogprobs() {}

  /**
   * Null for the first token, which nothing comes before; for each other the token, then others.
   */
  static List<Map<Integer, Entry>> of(List<TokenText> prompt) {
    if (prompt == null) {
      return null;
    }
    List<Map<Integer, Entry>> list = new ArrayList<>();
    prompt.forEach(token -> list.add(token.logprob() == null ? null : entries(token)));
    return list;
  }

  private static Map<Integer, Entry> entries(TokenText token) {
    Map<Integer, Entry> entries = new LinkedHashMap<>();
    entries.put(token.id(), entry(token, token.rank()));
    for (int i = 0; i < token.top().size(); i++) {
      TokenText other = token.top().get(i);
      entries.putIfAbsent(other.id(), entry(other, i + 1));
    }
    return entries;
  }

  private static Entry entry(TokenText token, int rank) {
    return new Entry(token.logprob(), rank, token.token());
  }

  /** One token's. */
  record Entry(float logprob, int rank, String decodedToken) {}
}
