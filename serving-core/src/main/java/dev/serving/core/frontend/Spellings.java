package dev.serving.core.frontend;

import dev.serving.core.frontend.api.TextConstraints;
import dev.serving.core.message.Constraints;
import dev.serving.core.model.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The tokens that words are spelled in, at the beginning of a text and within one. */
final class Spellings {
  /** What a text is tokenized behind, so that no tokenizer takes it for the text's beginning. */
  private static final String BEFORE = "\n";

  private final Tokenizer tokenizer;

  Spellings(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  Constraints constraints(TextConstraints texts) {
    Set<List<Integer>> banned = new LinkedHashSet<>();
    texts.badWords().forEach(word -> banned.addAll(spellings(word)));
    List<List<Integer>> choices = texts.choices().stream().map(this::within).toList();
    return new Constraints(texts.allowedTokens(), new ArrayList<>(banned), choices);
  }

  /** A word with and without a space before it, as vLLM bans it. */
  private Set<List<Integer>> spellings(String word) {
    Set<List<Integer>> spellings = new LinkedHashSet<>();
    String bare = word.stripLeading().isEmpty() ? word : word.stripLeading();
    for (String text : List.of(bare, " " + bare)) {
      spellings.add(list(tokenizer.encode(text)));
      spellings.add(within(text));
    }
    spellings.removeIf(List::isEmpty);
    return spellings;
  }

  private List<Integer> within(String text) {
    List<Integer> before = list(tokenizer.encode(BEFORE));
    List<Integer> all = list(tokenizer.encode(BEFORE + text));
    boolean apart = all.size() > before.size() && all.subList(0, before.size()).equals(before);
    return apart ? all.subList(before.size(), all.size()) : list(tokenizer.encode(text));
  }

  private static List<Integer> list(int[] tokens) {
    return Arrays.stream(tokens).boxed().toList();
  }
}
