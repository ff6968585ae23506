package dev.serving.core.model.kernel;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Plain kernels at first, and those of the Vector API family by family, once {@link WarmUp} has
 * seen that they are compiled and faster. Both give the same bits, so nobody can tell but by the
 * clock.
 *
 * <p>Until C2 has compiled it, a vector operation is a call that makes an object: the first token
 * of a small model took 4.7 s that way, and 0.08 s in plain Java. And now and then C2 compiles a
 * kernel badly, which this notices too.
 */
final class WarmingKernels extends Kernels {
  private static final int MANY = 1024;

  private final Kernels vectors;
  private final Kernels plain;
  private final WarmUp warmUp;
  private final Map<Family, Boolean> prepared = new EnumMap<>(Family.class);
  private volatile boolean bf16;
  private volatile boolean f32;
  private volatile boolean int8;
  private volatile boolean attention;
  private volatile boolean elements;

  WarmingKernels(Kernels vectors, Kernels plain) {
    this.vectors = vectors;
    this.plain = plain;
    this.warmUp =
        new WarmUp(vectors, plain, family -> new TrialData(vectors).trials(family), this::faster);
  }

  @Override
  public void prepare(Family family, long weights) {
    warmUp.weights(weights);
    synchronized (prepared) {
      if (prepared.put(family, true) != null) {
        return;
      }
    }
    warmUp.start(family);
    if (family == Family.BF16 && vectors.unpacksBf16(MANY)) {
      prepare(Family.F32, 0);
    }
  }

  @Override
  public void modelIsWarm() {
    warmUp.modelIsWarm();
  }

  @Override
  public boolean awaitReady(Duration timeout) {
    return warmUp.await(timeout);
  }

  private void faster(Family family) {
    switch (family) {
      case BF16 -> bf16 = true;
      case F32 -> f32 = true;
      case INT8 -> int8 = true;
      case ATTENTION -> attention = true;
      case ELEMENTS -> elements = true;
    }
  }

  private Kernels bf16() {
    return bf16 ? vectors : plain;
  }

  private Kernels f32() {
    return f32 ? vectors : plain;
  }

  private Kernels int8() {
    return int8 ? vectors : plain;
  }

  private Kernels elements() {
    return elements ? vectors : plain;
  }

  @Override
  public int lanes() {
    return vectors.lanes();
  }

  @Override
  int tileRows() {
    return vectors.tileRows();
  }

  @Override
  boolean unpacksBf16(int batch) {
    return bf16().unpacksBf16(batch);
  }

  @Override
  boolean unpacksInt8(int batch) {
    return int8().unpacksInt8(batch);
  }

  @Override
  void tileBf16(int rows, int[] w, int at, int kn, Tile t) {
    bf16().tileBf16(rows, w, at, kn, t);
  }

  @Override
  void tileF32(int rows, float[] w, int at, int kn, Tile t) {
    f32().tileF32(rows, w, at, kn, t);
  }

  @Override
  void tileInt8(int rows, byte[] w, int at, float[] scales, int scaleAt, int kn, Tile t) {
    int8().tileInt8(rows, w, at, scales, scaleAt, kn, t);
  }

  @Override
  void tileUnpackedInt8(int rows, float[] w, float[] scales, int scaleAt, int kn, Tile t) {
    int8().tileUnpackedInt8(rows, w, scales, scaleAt, kn, t);
  }

  @Override
  void unpackBf16(int[] w, int at, int kn, float[] into) {
    bf16().unpackBf16(w, at, kn, into);
  }

  @Override
  void unpackInt8(byte[] w, int at, int kn, float[] into) {
    int8().unpackInt8(w, at, kn, into);
  }

  @Override
  public void multiplyAdd(float[] w, int at, int width, int kn, int rows, Tile t) {
    (attention ? vectors : plain).multiplyAdd(w, at, width, kn, rows, t);
  }

  @Override
  public void exp(float[] values, int from, int to, float max) {
    elements().exp(values, from, to, max);
  }

  @Override
  public void swiGlu(
      float[] gate, int gateAt, float[] up, int upAt, float[] out, int outAt, int length) {
    elements().swiGlu(gate, gateAt, up, upAt, out, outAt, length);
  }
}
