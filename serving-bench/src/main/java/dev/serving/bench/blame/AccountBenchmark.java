package dev.serving.bench.blame;

import dev.serving.blame.Account;
import dev.serving.blame.Accountant;
import dev.serving.blame.RequestPath;
import dev.serving.blame.RequestPath.ChoicePath;
import dev.serving.blame.RequestPath.Gap;
import dev.serving.blame.RequestPath.Token;
import dev.serving.blame.StepBuffer;
import dev.serving.blame.StepKey;
import dev.serving.blame.StepPart;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an account takes: of an answer of 2,000 tokens that shared each step with 63 others, and of
 * one of 24 tokens and 15 others, which is mostly what there is to do for any request.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AccountBenchmark {
  private static final long STEP_NS = 1_000_000;
  private static final long BEGAN = 1_000_000_000;

  /** Tokens of the answer, and sequences in each of its steps. */
  @Param({"2000x64", "24x16"})
  public String shape;

  private final Accountant accountant = new Accountant(1, 64 << 20);
  private RequestPath path;

  /** Notes the steps, as the engine of a busy server would have sent them. */
  @Setup
  public void note() {
    int tokens = Integer.parseInt(shape.split("x", -1)[0]);
    int parts = Integer.parseInt(shape.split("x", -1)[1]);
    StepBuffer buffer = new StepBuffer();
    long key = StepKey.of("cmpl-slow");
    long now = BEGAN;
    for (int step = 0; step < tokens; step++) {
      buffer.begin(step, now, now + 5_000, now + STEP_NS - 5_000, now + STEP_NS);
      buffer.queue(0, 0, 0);
      buffer.rank(STEP_NS - 20_000, 0, 0);
      buffer.part(key, StepPart.pack(step == 0, false, step == 0 ? 100 : 1, 100 + step, 10));
      for (int other = 1; other < parts; other++) {
        boolean prefill = (step + other) % 500 == 0;
        int rows = prefill ? 300 : 1;
        buffer.part((step / 100 + other) * 31L, StepPart.pack(prefill, false, rows, step, 10));
      }
      if (step == 0) {
        buffer.admitted(key, now);
      }
      buffer.end();
      now += STEP_NS;
      if (buffer.isFull()) {
        accountant.noted(0, buffer.take(), now);
      }
    }
    accountant.noted(0, buffer.take(), now);
    path = path(now, tokens);
  }

  private static RequestPath path(long over, int tokens) {
    int worstIndex = tokens / 2;
    Token first = token(0, BEGAN + STEP_NS);
    Gap worst = new Gap(worst(worstIndex - 1), worst(worstIndex));
    Token end = token(tokens, over);
    ChoicePath choice = new ChoicePath("cmpl-slow", first, worst, end);
    long began = BEGAN - 1_000;
    long written = over + 50_000;
    return new RequestPath(
        began,
        began,
        began,
        began,
        began,
        0,
        List.of(choice),
        List.of(),
        over + 30_000,
        written,
        written);
  }

  private static Token worst(int index) {
    return token(index, BEGAN + (index + 1) * STEP_NS);
  }

  private static Token token(int index, long sent) {
    return new Token(index, sent, sent + 5_000, sent + 9_000);
  }

  /** One account, from the request's end until whoever asked has it. */
  @Benchmark
  public Account account() {
    CompletableFuture<Account> account = new CompletableFuture<>();
    accountant.settle(path, account::complete);
    return account.join();
  }

  /** Ends its thread. */
  @TearDown
  public void close() {
    accountant.close();
  }
}
