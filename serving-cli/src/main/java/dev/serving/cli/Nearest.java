package dev.serving.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody meant who typed something that does not exist. */
final class Nearest {
  private Nearest() {}

  /**
   * The word that is fewest letters away from what was typed, by Levenshtein's distance; empty when
   * none is near: a wrong guess helps nobody.
   */
  static Optional<String> to(String typed, Collection<String> known) {
    int far = Math.max(1, typed.length() / 3);
    return known.stream()
        .filter(word -> distance(typed, word) <= far)
        .min(Comparator.comparingInt((String word) -> distance(typed, word)).thenComparing(w -> w));
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
