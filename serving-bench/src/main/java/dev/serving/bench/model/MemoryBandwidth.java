package dev.serving.bench.model;

import dev.serving.core.model.kernel.ThreadTeam;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** How fast a team of threads reads memory: what decode at batch 1 can reach at best. */
final class MemoryBandwidth {
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int STEP = 4 * I.length();
  private static final int PARTS = 64;

  private final int[] data = new int[128 << 20];
  private final int[] sums;
  private final ThreadTeam team;

  MemoryBandwidth(ThreadTeam team) {
    this.team = team;
    this.sums = new int[16 * team.size()];
    for (int i = 0; i < data.length; i += 1024) {
      data[i] = i;
    }
  }

  /** Bytes that a pass reads. */
  double bytes() {
    return 4.0 * data.length;
  }

  /** Seconds that one pass over half a gigabyte takes. */
  double pass() {
    long start = System.nanoTime();
    team.forRange(PARTS, 1, this::read);
    return (System.nanoTime() - start) / 1e9;
  }

  private void read(int member, int from, int to) {
    int part = data.length / PARTS;
    for (int p = from; p < to; p++) {
      sums[16 * member] += sum(data, p * part, (p + 1) * part);
    }
  }

  private static int sum(int[] data, int from, int to) {
    IntVector a = IntVector.zero(I);
    IntVector b = a;
    IntVector c = a;
    IntVector d = a;
    for (int i = from; i < to; i += STEP) {
      a = a.add(IntVector.fromArray(I, data, i));
      b = b.add(IntVector.fromArray(I, data, i + I.length()));
      c = c.add(IntVector.fromArray(I, data, i + 2 * I.length()));
      d = d.add(IntVector.fromArray(I, data, i + 3 * I.length()));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }
}
