package dev.serving.bench.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HeapHistogramTest {
  @Test
  void whatGrewIsTold() {
    HeapHistogram before = HeapHistogram.parse(lines(100, 50));
    HeapHistogram after = HeapHistogram.parse(lines(120, 5000));
    assertThat(before.total()).isEqualTo(150);
    assertThat(after.grownSince(before, 1)).containsExactly("      +4,950 bytes of [B");
  }

  private static String lines(int strings, int bytes) {
    return """
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:             3            %d  java.lang.String (java.base@17.0.1)
           2:             2            %d  [B (java.base@17.0.1)
        Total             5            0
        """
        .formatted(strings, bytes);
  }

  @Test
  void whatIsNoHistogramIsRefused() {
    assertThatThrownBy(() -> HeapHistogram.parse("no such process"))
        .hasMessageContaining("no such");
  }

  @Test
  void ofThisProcessThereIsOne() throws Exception {
    HeapHistogram own = HeapHistogram.of(ProcessHandle.current().pid());
    assertThat(own.bytes()).containsKey("java.lang.String");
  }
}
