package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This shows that clients take turns, however much one of them asks. */
class FairQueueTest {
  private final List<String> done = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();

  private void add(FairQueue queue, String whom, String what) {
    queue.add(whom, () -> done.add(what), () -> refused.add(what));
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
        },
        () -> refused.add("first"));
    add(queue, "a", "next");
    add(queue, "a", "too much");
    assertThat(refused).containsExactly("too much");
    assertThat(queue.size()).isEqualTo(2);
    queue.close();
    queue.work();
    assertThat(done).containsExactly("next");
    add(queue, "a", "late");
    assertThat(refused).containsExactly("too much", "late");
  }

  @Test
  void whereTooMuchWaitsTheNewestOfTheGreediestMakesWay() {
    FairQueue queue = new FairQueue(3);
    add(queue, "greedy", "g1");
    add(queue, "greedy", "g2");
    add(queue, "greedy", "g3");
    add(queue, "modest", "m1");
    add(queue, "modest", "m2"); // he would be the greediest
    assertThat(refused).containsExactly("g3", "m2");
    assertThat(queue.size()).isEqualTo(3);
    queue.close();
    queue.work();
    assertThat(done).containsExactly("g1", "m1", "g2");
  }
}
