package dev.serving.trace;

import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * One thread's source of ids. The two halves of a trace id come from two generators, each seeded
 * from the operating system's entropy: two threads anywhere would have to agree on both.
 */
abstract class TraceIds {
  private static final SecureRandom ENTROPY = new SecureRandom();

  /** Returns a source for the calling thread: OpenTelemetry's default is replaced by our own. */
  static TraceIds forThread(IdGenerator configured) {
    return configured == IdGenerator.random() ? new Own() : new Foreign(configured);
  }

  /** Returns the number that 16 hex digits stand for. */
  static long number(String spanId) {
    return Long.parseUnsignedLong(spanId, 16);
  }

  /** Returns 32 hex digits, not all zero. */
  abstract String traceId();

  /** Returns a span id, not 0. */
  abstract long spanId();

  private static final class Own extends TraceIds {
    private final SplittableRandom high = new SplittableRandom(ENTROPY.nextLong());
    private final SplittableRandom low = new SplittableRandom(ENTROPY.nextLong());

    @Override
    String traceId() {
      return TraceId.fromLongs(high.nextLong(), nonZero(low));
    }

    @Override
    long spanId() {
      return nonZero(high);
    }

    private static long nonZero(SplittableRandom random) {
      long id = random.nextLong();
      return id == 0 ? 1 : id;
    }
  }

  private static final class Foreign extends TraceIds {
    private final IdGenerator generator;

    /** In the place of ids that are none. */
    private final TraceIds own = new Own();

    Foreign(IdGenerator generator) {
      this.generator = generator;
    }

    @Override
    String traceId() {
      String id = generator.generateTraceId();
      return TraceId.isValid(id) ? id : own.traceId();
    }

    @Override
    long spanId() {
      String id = generator.generateSpanId();
      return SpanId.isValid(id) ? number(id) : own.spanId();
    }
  }
}
