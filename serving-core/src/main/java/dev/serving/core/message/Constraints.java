package dev.serving.core.message;

import java.util.List;
import java.util.Set;

/**
 * Which tokens an output may have.
 *
 * @param allowed the only tokens there may be; empty allows all
 * @param banned sequences of tokens that must not appear; none is empty
 * @param choices sequences of tokens of which the output must be one, and then an end token; empty
 *     leaves the output free
 */
public record Constraints(
    Set<Integer> allowed, List<List<Integer>> banned, List<List<Integer>> choices) {
  /** None. */
  public static final Constraints NONE = new Constraints(Set.of(), List.of(), List.of());

  /** Copies, and refuses sequences without a token. */
  public Constraints {
    allowed = Set.copyOf(allowed);
    banned = banned.stream().map(List::copyOf).toList();
    choices = choices.stream().map(List::copyOf).toList();
    if (banned.stream().anyMatch(List::isEmpty) || choices.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException("a banned or chosen sequence needs at least one token");
    }
  }
}
