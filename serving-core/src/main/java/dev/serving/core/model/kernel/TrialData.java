package dev.serving.core.model.kernel;

import dev.serving.core.model.kernel.Kernels.Family;
import java.util.ArrayList;
import java.util.List;

/** A small panel of each kind, and a trial of each kernel on it. */
final class TrialData {
  /** Enough loops for C2 to be called for after some hundred calls. */
  private static final int COLUMNS = 64;

  private static final int MOST_ROWS = 8;

  private final int lanes;
  private final int tileRows;
  private final int stride;
  private final float[] x = new float[MOST_ROWS * COLUMNS];
  private final float[] y;
  private final float[] floats;
  private final int[] ints;
  private final byte[] bytes;
  private final Tile tile = new Tile();

  TrialData(Kernels kernels) {
    lanes = kernels.lanes();
    tileRows = kernels.tileRows();
    stride = COLUMNS * kernels.panelWidth();
    y = new float[stride];
    floats = new float[stride];
    ints = new int[stride / 2];
    bytes = new byte[stride + Int8Matrix.SLACK];
  }

  List<Trial> trials(Family family) {
    List<Trial> trials = new ArrayList<>();
    switch (family) {
      case BF16 -> bf16(trials);
      case F32 -> f32(trials);
      case INT8 -> int8(trials);
      case ATTENTION -> attention(trials);
      case ELEMENTS -> elements(trials);
    }
    return trials;
  }

  private void bf16(List<Trial> trials) {
    for (int rows = tileRows; rows > 0; rows /= 2) {
      int n = rows;
      trials.add(new Trial(n + " rows", k -> k.tileBf16(n, ints, 0, COLUMNS, tile())));
    }
    trials.add(new Trial("unpack", k -> k.unpackBf16(ints, 0, COLUMNS, y)));
  }

  private void f32(List<Trial> trials) {
    for (int rows = tileRows; rows > 0; rows /= 2) {
      int n = rows;
      trials.add(new Trial(n + " rows", k -> k.tileF32(n, floats, 0, COLUMNS, tile())));
    }
  }

  private void int8(List<Trial> trials) {
    for (int rows = tileRows; rows > 0; rows /= 2) {
      int n = rows;
      trials.add(new Trial(n + " rows", k -> k.tileInt8(n, bytes, 0, floats, 0, COLUMNS, tile())));
    }
    trials.add(new Trial("unpack", k -> k.unpackInt8(bytes, 0, COLUMNS, y)));
    trials.add(
        new Trial(
            "unpacked", k -> k.tileUnpackedInt8(tileRows, floats, floats, 0, COLUMNS, tile())));
  }

  private void attention(List<Trial> trials) {
    for (int rows = MOST_ROWS; rows > 0; rows /= 2) {
      int n = rows;
      trials.add(new Trial(n + " rows", k -> k.multiplyAdd(floats, 0, lanes, COLUMNS, n, tile())));
    }
  }

  private void elements(List<Trial> trials) {
    trials.add(new Trial("exp", k -> k.exp(y, 0, COLUMNS, 1)));
    trials.add(new Trial("swiGlu", k -> k.swiGlu(x, 0, x, 0, y, 0, COLUMNS)));
  }

  private Tile tile() {
    return tile.set(x, 0, COLUMNS, y, 0, 2 * lanes);
  }
}
