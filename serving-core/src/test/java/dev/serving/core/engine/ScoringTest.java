package dev.serving.core.engine;

import static dev.serving.core.engine.Demo.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.serving.core.message.Constraints;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.message.TokenLogprobs;
import dev.serving.trace.TraceCarrier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How likely a prompt is, and which tokens may follow it, with the model that ships. */
class ScoringTest {
  private static TestFrontend frontend;

  @BeforeAll
  static void start() {
    frontend = TestFrontend.start(Demo.config(1), RankLauncher.NONE).ready();
  }

  @AfterAll
  static void stop() {
    frontend.close();
  }

  private static SamplingParams sampling(int tokens, int top, int promptTop, Constraints allowed) {
    return SamplingParams.greedy(tokens)
        .with(
            it ->
                it.topLogprobs(top).ignoreEos(true).promptLogprobs(promptTop).constraints(allowed));
  }

  private static List<Output> run(String rid, int[] prompt, SamplingParams sampling) {
    frontend.send(new Generate(rid, prompt, sampling, 0, TraceCarrier.none()));
    frontend.untilEnded(rid);
    return frontend.outputs(rid);
  }

  private static List<TokenLogprobs> scores(List<Output> outputs) {
    return outputs.stream().flatMap(o -> o.promptLogprobs().stream()).toList();
  }

  private static List<Integer> tokens(List<Output> outputs) {
    return outputs.stream().flatMap(o -> o.tokens().stream()).toList();
  }

  /** The authority is the model itself: what it says of a token when it chooses it. */
  @Test
  void aPromptsTokensAreAsLikelyAsTheyWereWhenTheyWereChosen() {
    int[] prompt = prompt(3, 150); // more than the rows that are scored in one step
    List<Output> said = run("said", prompt, sampling(12, 2, -1, Constraints.NONE));
    int[] both =
        IntStream.concat(Arrays.stream(prompt), tokens(said).stream().mapToInt(i -> i)).toArray();

    List<Output> read = run("read", both, sampling(0, -1, 2, Constraints.NONE));
    List<TokenLogprobs> scores = scores(read);
    assertThat(scores).hasSize(both.length - 1);
    for (int i = 0; i < 12; i++) {
      TokenLogprobs chosen = said.get(i).logprobs().get(0);
      TokenLogprobs scored = scores.get(prompt.length - 1 + i);
      assertThat(scored.logprob()).isCloseTo(chosen.logprob(), within(1e-3f));
      assertThat(scored.rank()).isEqualTo(1);
      assertThat(scored.topTokens()).hasSize(2).first().isEqualTo(tokens(said).get(i));
    }
    assertThat(tokens(read)).isEmpty();
    assertThat(read.get(read.size() - 1).finish()).isEqualTo(FinishReason.LENGTH);
  }

  /** Blocks that another request has filled say nothing of how likely their tokens were. */
  @Test
  void aPromptThatIsInTheCacheIsScoredAsAWhole() {
    run("first", prompt(4, 80), sampling(2, -1, -1, Constraints.NONE));
    List<Output> scored = run("again", prompt(4, 80), sampling(1, -1, 0, Constraints.NONE));
    assertThat(scores(scored)).hasSize(79);
    assertThat(tokens(scored)).hasSize(1);
  }

  @Test
  void onlyAllowedTokensAreChosenAndBannedOnesNever() {
    int[] prompt = prompt(5, 20);
    List<Integer> free = tokens(run("free", prompt, sampling(6, -1, -1, Constraints.NONE)));

    Constraints few = new Constraints(Set.of(400, 401), List.of(), List.of());
    assertThat(tokens(run("few", prompt, sampling(6, -1, -1, few))))
        .hasSize(6)
        .allMatch(Set.of(400, 401)::contains);

    Constraints word = new Constraints(Set.of(), List.of(free.subList(0, 1)), List.of());
    assertThat(tokens(run("word", prompt, sampling(6, -1, -1, word)))).doesNotContain(free.get(0));

    Constraints pair = new Constraints(Set.of(), List.of(free.subList(0, 2)), List.of());
    List<Integer> unpaired = tokens(run("pair", prompt, sampling(6, -1, -1, pair)));
    assertThat(unpaired.get(0)).isEqualTo(free.get(0));
    assertThat(unpaired.get(1)).isNotEqualTo(free.get(1));
  }

  @Test
  void oneOfTheChoicesIsSaidAndThenAnEnd() {
    Constraints choices =
        new Constraints(
            Set.of(), List.of(), List.of(List.of(500, 501), List.of(500, 501, 502), List.of(600)));
    SamplingParams ending = sampling(9, -1, -1, choices).withStopTokens(Set.of(7));
    List<Output> outputs = run("choice", prompt(6, 20), ending);
    assertThat(outputs.get(outputs.size() - 1).finish()).isEqualTo(FinishReason.STOP);
    assertThat(tokens(outputs))
        .isIn(List.of(500, 501, 7), List.of(500, 501, 502, 7), List.of(600, 7));
  }
}
