package dev.serving.bench.model;

import dev.serving.core.model.kernel.ThreadTeam;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** How many multiply-adds a team of threads does on what lies in registers: the most there are. */
final class MultiplyAdds {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  /** Sums under way at a time: as many as hide what one takes until the next. */
  private static final int SUMS = 8;

  private static final int PARTS = 64;
  private static final int LOOPS = 1 << 19;

  private final ThreadTeam team;
  private final float[] data = new float[PARTS * F.length()];

  MultiplyAdds(ThreadTeam team) {
    this.team = team;
  }

  /** Floating-point operations of a pass. */
  double flops() {
    return 2.0 * SUMS * F.length() * LOOPS * PARTS;
  }

  /** Seconds that one pass takes. */
  double pass() {
    long start = System.nanoTime();
    team.forRange(PARTS, 1, this::multiply);
    return (System.nanoTime() - start) / 1e9;
  }

  private void multiply(int member, int from, int to) {
    for (int part = from; part < to; part++) {
      chains(data, part * F.length());
    }
  }

  private static void chains(float[] data, int at) {
    FloatVector x = FloatVector.fromArray(F, data, at);
    FloatVector a = x;
    FloatVector b = x;
    FloatVector c = x;
    FloatVector d = x;
    FloatVector e = x;
    FloatVector f = x;
    FloatVector g = x;
    FloatVector h = x;
    for (int i = 0; i < LOOPS; i++) {
      a = x.fma(x, a);
      b = x.fma(x, b);
      c = x.fma(x, c);
      d = x.fma(x, d);
      e = x.fma(x, e);
      f = x.fma(x, f);
      g = x.fma(x, g);
      h = x.fma(x, h);
    }
    a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h))).intoArray(data, at);
  }
}
