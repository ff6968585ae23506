package dev.serving.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.config.CacheConfig;
import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.config.WorkerConfig;
import dev.serving.core.message.RankMessage.Admission;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.model.Collective;
import dev.serving.core.model.WeightType;
import dev.serving.core.worker.ModelRunner.Choice;
import dev.serving.trace.TraceCarrier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a rank makes of the steps that it hears. */
class ModelRunnerTest {
  private static final int[] PROMPT = IntStream.range(0, 24).map(i -> 300 + 7 * i).toArray();
  private static final int[] BLOCKS = {3, 1, 5};

  private final ModelRunner runner =
      ModelRunner.load(
          new WorkerConfig(
              Path.of("..", "models", "serving-demo"),
              WeightType.BF16,
              2,
              new CacheConfig(16, 1 << 20, 0.5, true),
              SchedulerConfig.DEFAULT),
          Collective.SOLO);

  @AfterEach
  void close() {
    runner.close();
  }

  @Test
  void aPromptInChunksChoosesTheSameTokenAsAWholeOne() {
    Choice whole = only(runner.run(step(prefill("a", greedy(0, Set.of()), 0, 24))));
    runner.release("a");

    assertThat(runner.run(step(prefill("b", greedy(0, Set.of()), 0, 10)))).isEmpty();
    Choice chunked = only(runner.run(step(prefill("b", null, 10, 14))));
    assertThat(chunked.token()).isEqualTo(whole.token());
    assertThat(chunked.count()).isEqualTo(1);
    assertThat(only(runner.run(step(decode("b", whole.token(), 24)))).count()).isEqualTo(2);
  }

  @Test
  void stopTokensAreNotChosenBeforeTheMinimum() {
    int usual = only(runner.run(step(prefill("a", greedy(0, Set.of()), 0, 24)))).token();
    runner.release("a");
    SamplingParams minimum = greedy(1, Set.of(usual));
    int other = only(runner.run(step(prefill("b", minimum, 0, 24)))).token();
    assertThat(other).isNotEqualTo(usual);
  }

  @Test
  void aStopTokenOutsideTheVocabularyDoesNoHarm() {
    SamplingParams odd = greedy(5, Set.of(-1, 1_000_000));
    assertThat(runner.run(step(prefill("a", odd, 0, 24)))).hasSize(1);
  }

  @Test
  void aSequenceThatWasNeverAdmittedIsRefused() {
    assertThatThrownBy(() -> runner.run(step(decode("ghost", 5, 24))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no sequence ghost was admitted");
  }

  @Test
  void whoIsReleasedIsForgotten() {
    runner.run(step(prefill("a", greedy(0, Set.of()), 0, 24)));
    assertThat(runner.sequences()).containsExactly("a");
    runner.release("a");
    assertThat(runner.sequences()).isEmpty();
  }

  private static Choice only(List<Choice> choices) {
    assertThat(choices).hasSize(1);
    return choices.get(0);
  }

  private static Step step(Chunk chunk) {
    return new Step(1, List.of(chunk));
  }

  private static Chunk prefill(String rid, SamplingParams admitted, int start, int rows) {
    Admission admission =
        admitted == null
            ? null
            : new Admission(admitted, PROMPT, PROMPT.length, 0, TraceCarrier.none());
    return new Chunk(
        rid,
        Phase.PREFILL,
        start,
        Arrays.copyOfRange(PROMPT, start, start + rows),
        admission == null ? new int[0] : BLOCKS,
        start + rows == PROMPT.length,
        admission);
  }

  private static Chunk decode(String rid, int token, int position) {
    return new Chunk(rid, Phase.DECODE, position, new int[] {token}, new int[0], true, null);
  }

  private static SamplingParams greedy(int minTokens, Set<Integer> stops) {
    return SamplingParams.greedy(20).withMinTokens(minTokens).withStopTokens(stops);
  }
}
