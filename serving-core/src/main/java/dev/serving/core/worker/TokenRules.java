package dev.serving.core.worker;

import dev.serving.core.message.Constraints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which tokens a sequence's next one may be, by its constraints and its minimum length: what may
 * not be gets the logit minus infinity. Follows the output token by token. One thread at a time.
 */
final class TokenRules {
  private final Constraints constraints;
  private final int[] stopTokens;
  private final int minTokens;
  private final List<Integer> outputs = new ArrayList<>();

  /**
   * Rules for a sequence without output.
   *
   * @param stopTokens tokens that end the sequence: not before its minimum length, and after one of
   *     its choices
   */
  TokenRules(Constraints constraints, int[] stopTokens, int minTokens) {
    this.constraints = constraints;
    this.stopTokens = stopTokens;
    this.minTokens = minTokens;
  }

  /** Notes a token of the output; remembers it only where a rule looks back. */
  void output(int token) {
    if (!constraints.banned().isEmpty() || !constraints.choices().isEmpty()) {
      outputs.add(token);
    }
  }

  /**
   * Rules out of a row of logits what may not come next.
   *
   * @param index the token's index in the output, from 0
   */
  void apply(float[] logits, int offset, int size, int index) {
    if (!constraints.choices().isEmpty()) {
      keep(continuations(), logits, offset, size);
    } else if (!constraints.allowed().isEmpty()) {
      keep(constraints.allowed(), logits, offset, size);
    }
    Set<Integer> banned = banned(index);
    if (!banned.isEmpty()) {
      ban(banned, logits, offset, size);
    }
  }

  private Set<Integer> continuations() {
    Set<Integer> next = new HashSet<>();
    for (List<Integer> choice : constraints.choices()) {
      if (choice.size() == outputs.size() && choice.equals(outputs)) {
        Arrays.stream(stopTokens).forEach(next::add);
      } else if (choice.size() > outputs.size()
          && choice.subList(0, outputs.size()).equals(outputs)) {
        next.add(choice.get(outputs.size()));
      }
    }
    return next;
  }

  private static void keep(Collection<Integer> tokens, float[] logits, int offset, int size) {
    int[] kept = tokens.stream().mapToInt(Integer::intValue).toArray();
    float[] own = new float[kept.length];
    for (int i = 0; i < kept.length; i++) {
      own[i] = logits[offset + kept[i]];
    }
    Arrays.fill(logits, offset, offset + size, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < kept.length; i++) {
      logits[offset + kept[i]] = own[i];
    }
  }

  private Set<Integer> banned(int index) {
    Set<Integer> banned = new HashSet<>();
    if (index < minTokens) {
      Arrays.stream(stopTokens).forEach(banned::add);
    }
    for (List<Integer> sequence : constraints.banned()) {
      int before = sequence.size() - 1;
      if (before <= outputs.size()
          && outputs
              .subList(outputs.size() - before, outputs.size())
              .equals(sequence.subList(0, before))) {
        banned.add(sequence.get(before));
      }
    }
    return banned;
  }

  /** Where a ban would leave nothing, what is allowed stays: a sequence needs a next token. */
  private static void ban(Set<Integer> banned, float[] logits, int offset, int size) {
    boolean leaves =
        IntStream.range(0, size)
            .anyMatch(t -> logits[offset + t] > Float.NEGATIVE_INFINITY && !banned.contains(t));
    if (leaves) {
      banned.forEach(t -> logits[offset + t] = Float.NEGATIVE_INFINITY);
    }
  }
}
