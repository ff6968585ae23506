package dev.serving.bench.blame;

import dev.serving.blame.StepBuffer;
import dev.serving.blame.StepPart;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What noting a step of 64 parts costs the scheduler's thread, a part: the sending included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LedgerBenchmark {
  private static final int PARTS = 64;

  private final StepBuffer buffer = new StepBuffer();
  private long step;

  /** Notes a step; what is full is taken, as if it were sent. */
  @Benchmark
  @OperationsPerInvocation(PARTS)
  public void note(Blackhole sent) {
    long now = System.nanoTime();
    buffer.begin(++step, now, now + 1, now + 2, now + 3);
    buffer.queue(0, 3, 0);
    buffer.rank(1_000, 10, 0);
    for (int part = 0; part < PARTS; part++) {
      buffer.part(part * 31L, StepPart.pack(false, false, 1, (int) step & 1023, 12));
    }
    buffer.end();
    if (buffer.isFull()) {
      sent.consume(buffer.take());
    }
  }
}
