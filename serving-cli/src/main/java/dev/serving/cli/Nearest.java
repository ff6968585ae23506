package dev.serving.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody meant who typed something that does not exist. */
final class Nearest {
  private Nearest() {}

  /**
   * The word that is fewest letters away from what was typed, by Levenshtein's distance, in which
   * two letters that changed places count as one; empty when none is near: a wrong guess helps
   * nobody.
   */
  static Optional<String> to(String typed, Collection<String> known) {
    int far = Math.max(1, typed.length() / 3);
    return known.stream()
        .filter(word -> distance(typed, word) <= far)
        .min(Comparator.comparingInt((String word) -> distance(typed, word)).thenComparing(w -> w));
  }

  private static int distance(String a, String b) {
    int[][] away = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        away[i][j] = i == 0 || j == 0 ? i + j : nearest(away, a, b, i, j);
      }
    }
    return away[a.length()][b.length()];
  }

  private static int nearest(int[][] away, String a, String b, int i, int j) {
    int changed = away[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(changed, 1 + Math.min(away[i - 1][j], away[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, 1 + away[i - 2][j - 2]) : least;
  }
}
