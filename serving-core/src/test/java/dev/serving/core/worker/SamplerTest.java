package dev.serving.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.serving.core.message.SamplingParams;
import dev.serving.core.message.SamplingParamsBuilder;
import dev.serving.core.message.TokenLogprobs;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** This shows what each sampling parameter does to the choice of a token. */
class SamplerTest {
  private static final float[] LOGITS = {1, 4, 2, 3, 0};
  private static final int DRAWS = 20_000;

  private final Candidates candidates = new Candidates(LOGITS.length);

  @Test
  void temperatureZeroTakesTheLikeliestAndTheFirstOfEquals() {
    assertThat(choose(params().build(), LOGITS)).isEqualTo(1);
    assertThat(choose(params().build(), new float[] {2, 5, 5, 1, 5})).isEqualTo(1);
  }

  @Test
  void drawsFollowTheSoftmaxOfTheLogits() {
    int[] seen = draws(params().temperature(1));
    double sum = Math.exp(1) + Math.exp(4) + Math.exp(2) + Math.exp(3) + 1;
    for (int token = 0; token < LOGITS.length; token++) {
      double share = Math.exp(LOGITS[token]) / sum;
      assertThat(seen[token] / (double) DRAWS).isCloseTo(share, within(0.01));
    }
  }

  @Test
  void aLowTemperatureSharpens() {
    assertThat(draws(params().temperature(0.25f))[1]).isGreaterThan((int) (0.97 * DRAWS));
    assertThat(draws(params().temperature(2))[1]).isLessThan((int) (0.5 * DRAWS));
  }

  @Test
  void topKLeavesTheLikeliest() {
    assertThat(tokens(params().temperature(2).topK(2))).containsExactly(1, 3);
    assertThat(tokens(params().temperature(2).topK(1))).containsExactly(1);
  }

  @Test
  void topPLeavesTheSmallestSetThatIsLikelyEnough() {
    // probabilities 0.031 0.636 0.086 0.234 0.012
    assertThat(tokens(params().temperature(1).topP(0.6f))).containsExactly(1);
    assertThat(tokens(params().temperature(1).topP(0.7f))).containsExactly(1, 3);
    assertThat(tokens(params().temperature(1).topP(0.9f))).containsExactly(1, 2, 3);
  }

  @Test
  void minPDropsWhatIsUnlikelyBesideTheLikeliest() {
    assertThat(tokens(params().temperature(1).minP(0.1f))).containsExactly(1, 2, 3);
    assertThat(tokens(params().temperature(1).minP(1))).containsExactly(1);
  }

  @Test
  void repetitionPenaltyCountsPromptAndOutput() {
    SamplingParams params = params().repetitionPenalty(2).build();
    Sampler sampler = new Sampler(params, new int[0], 0);
    sampler.prompt(1);
    assertThat(sampler.choose(LOGITS.clone(), 0, 5, 0, candidates)).isEqualTo(3);
    sampler.output(3);
    float[] logits = LOGITS.clone();
    logits[4] = -1;
    sampler.output(4);
    sampler.choose(logits, 0, 5, 1, candidates);
    assertThat(logits).containsExactly(1, 2, 2, 1.5f, -2);
  }

  @Test
  void presenceAndFrequencyPenaltiesCountTheOutputOnly() {
    SamplingParams params = params().presencePenalty(0.5f).frequencyPenalty(0.25f).build();
    Sampler sampler = new Sampler(params, new int[0], 0);
    sampler.prompt(0);
    sampler.output(1);
    sampler.output(1);
    sampler.output(2);
    float[] logits = LOGITS.clone();
    sampler.choose(logits, 0, 5, 3, candidates);
    assertThat(logits).containsExactly(1, 3, 1.25f, 3, 0);
  }

  @Test
  void logitBiasIsAdded() {
    assertThat(choose(params().logitBias(Map.of(4, 5f)).build(), LOGITS)).isEqualTo(4);
    assertThat(choose(params().logitBias(Map.of(1, -100f)).build(), LOGITS)).isEqualTo(3);
  }

  @Test
  void stopTokensAreNotChosenBeforeTheMinimum() {
    Sampler sampler = new Sampler(params().minTokens(2).build(), new int[] {1}, 0);
    assertThat(sampler.choose(LOGITS.clone(), 0, 5, 1, candidates)).isEqualTo(3);
    assertThat(sampler.choose(LOGITS.clone(), 0, 5, 2, candidates)).isEqualTo(1);
  }

  @Test
  void theSameSeedGivesTheSameTokens() {
    SamplingParams seeded = params().temperature(2).seed(42L).build();
    SamplingParams other = params().temperature(2).seed(43L).build();
    assertThat(sequence(seeded, 1)).isEqualTo(sequence(seeded, 2)).isNotEqualTo(sequence(other, 1));
    SamplingParams unseeded = params().temperature(2).build();
    assertThat(sequence(unseeded, 1)).isNotEqualTo(sequence(unseeded, 2));
  }

  @Test
  void logprobsAreOfTheModelsOwnDistribution() {
    Logprobs logprobs = Logprobs.of(LOGITS, 0, 5, 2, candidates);
    TokenLogprobs chosen = logprobs.chosen(LOGITS, 0, 5, 2);
    double logSum = Math.log(Math.exp(1) + Math.exp(4) + Math.exp(2) + Math.exp(3) + 1);
    assertThat(chosen.logprob()).isCloseTo((float) (2 - logSum), within(1e-6f));
    assertThat(chosen.topTokens()).containsExactly(1, 3);
    assertThat(chosen.topLogprobs().get(1)).isCloseTo((float) (3 - logSum), within(1e-6f));
    assertThat(chosen.rank()).isEqualTo(3);
    Logprobs none = Logprobs.of(LOGITS, 0, 5, 0, candidates);
    assertThat(none.chosen(LOGITS, 0, 5, 1).topTokens()).isEmpty();
  }

  @Test
  void aLargeVocabularyIsDrawnFromLikeASmallOne() {
    Random random = new Random(7);
    float[] logits = new float[50_000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (3 * random.nextGaussian());
    }
    Candidates large = new Candidates(logits.length);
    Set<Integer> top = new TreeSet<>(Logprobs.of(logits, 0, logits.length, 20, large).top());
    SamplingParams params = params().temperature(1).topK(20).build();
    for (int i = 0; i < 500; i++) {
      int token = large.draw(params, logits, 0, logits.length, Sampler.uniform(1, i));
      assertThat(top).contains(token);
    }
  }

  /** The histogram's short cut draws exactly what a full sort would. */
  @Test
  void topPOfALargeVocabularyIsTheSmallestSetThatIsLikelyEnough() {
    Random random = new Random(8);
    double[] weights = new double[20_000];
    float[] logits = new float[weights.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (2 * random.nextGaussian());
      weights[i] = Math.exp(logits[i]);
    }
    double[] sorted = weights.clone();
    Arrays.sort(sorted);
    double least = 0;
    double sum = 0;
    double enough = 0.6 * Arrays.stream(weights).sum();
    for (int i = sorted.length - 1; sum < enough; i--) {
      sum += sorted[i];
      least = sorted[i];
    }
    Candidates large = new Candidates(logits.length);
    SamplingParams params = params().temperature(1).topP(0.6f).build();
    double lowestDrawn = Double.MAX_VALUE;
    for (int i = 0; i < 3000; i++) {
      int token = large.draw(params, logits, 0, logits.length, i / 3000.0);
      lowestDrawn = Math.min(lowestDrawn, weights[token]);
    }
    assertThat(lowestDrawn).isGreaterThanOrEqualTo(least * 0.9999).isLessThan(least * 1.01);
  }

  private int choose(SamplingParams params, float[] logits) {
    return new Sampler(params, new int[0], 0).choose(logits.clone(), 0, 5, 0, candidates);
  }

  private int[] draws(SamplingParamsBuilder params) {
    Sampler sampler = new Sampler(params.build(), new int[0], 5);
    int[] seen = new int[LOGITS.length];
    for (int i = 0; i < DRAWS; i++) {
      seen[sampler.choose(LOGITS.clone(), 0, LOGITS.length, i, candidates)]++;
    }
    return seen;
  }

  private Set<Integer> tokens(SamplingParamsBuilder params) {
    int[] seen = draws(params);
    Set<Integer> tokens = new TreeSet<>();
    for (int token = 0; token < seen.length; token++) {
      if (seen[token] > 0) {
        tokens.add(token);
      }
    }
    return tokens;
  }

  private String sequence(SamplingParams params, long drawn) {
    Sampler sampler = new Sampler(params, new int[0], drawn);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append(sampler.choose(LOGITS.clone(), 0, LOGITS.length, i, candidates));
    }
    return text.toString();
  }

  private static SamplingParamsBuilder params() {
    return SamplingParamsBuilder.builder(SamplingParams.greedy(100));
  }
}
