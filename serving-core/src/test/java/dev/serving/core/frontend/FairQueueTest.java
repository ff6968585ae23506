package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** This shows that clients take turns, however much one of them asks. */
class FairQueueTest {
  private final List<String> done = new ArrayList<>();

  private void add(FairQueue queue, String whom, String what) {
    queue.add(whom, () -> done.add(what));
  }

  @Test
  void clientsTakeTurns() {
    FairQueue queue = new FairQueue(10);
    add(queue, "greedy", "g1");
    add(queue, "greedy", "g2");
    add(queue, "greedy", "g3");
    add(queue, "modest", "m1");
    queue.addFirst(() -> done.add("health"));
    queue.close();
    queue.work();
    assertThat(done).containsExactly("health", "g1", "m1", "g2", "g3");
  }

  @Test
  void whatIsTooMuchIsRefusedAndWhatFailsFailsAlone() {
    FairQueue queue = new FairQueue(2);
    queue.add(
        "a",
        () -> {
          throw new IllegalStateException("this one fails");
        });
    add(queue, "a", "next");
    assertThatThrownBy(() -> add(queue, "b", "too much"))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(queue.size()).isEqualTo(2);
    queue.close();
    queue.work();
    assertThat(done).containsExactly("next");
    assertThatThrownBy(() -> add(queue, "a", "late"))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
