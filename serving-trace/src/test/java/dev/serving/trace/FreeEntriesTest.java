package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** This shows that a number is never in two hands. */
final class FreeEntriesTest {
  @Test
  void entriesAreUsedAgainAndTheirNumberIsBounded() {
    FreeEntries entries = new FreeEntries(2, 100);
    List<Integer> all = IntStream.range(0, 98).mapToObj(i -> entries.take()).toList();
    assertThat(new HashSet<>(all)).hasSize(98);
    assertThat(entries.take()).isZero();
    entries.give(17);
    assertThat(entries.take()).isEqualTo(17);
    assertThat(entries.used()).isEqualTo(100);
  }

  @Test
  void threadsNeverShareAnEntry() {
    FreeEntries entries = new FreeEntries(2, 66);
    Set<Integer> held =
        IntStream.range(0, 64).parallel().mapToObj(i -> churn(entries)).collect(Collectors.toSet());
    assertThat(held).hasSize(64).doesNotContain(0);
  }

  private static int churn(FreeEntries entries) {
    for (int i = 0; i < 1000; i++) {
      int entry = entries.take();
      if (entry != 0) {
        entries.give(entry);
      }
    }
    int kept = entries.take();
    while (kept == 0) {
      kept = entries.take();
    }
    return kept;
  }
}
