package dev.serving.core.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * This shows what a packed matrix computes, that every batch size gives a row the same bits, and
 * that the plain kernels give the same bits as the vector ones.
 */
class PackedMatrixTest {
  private static final ThreadTeam TEAM = new ThreadTeam(3);

  /** More rows than share a pass over the weights, and tiles of 4, 2 and 1. */
  private static final int MANY = 263;

  private static final int[] BATCHES =
      IntStream.concat(IntStream.rangeClosed(1, 20), IntStream.of(43, 66, MANY)).toArray();

  private interface Packing {
    PackedMatrix pack(Kernels kernels, int rows, int columns, RowSource source);
  }

  @AfterAll
  static void close() {
    TEAM.close();
  }

  static Stream<Arguments> matrices() {
    return Stream.of(
            new int[] {1, 2}, new int[] {31, 46}, new int[] {1700, 1300}, new int[] {512, 64})
        .flatMap(
            s ->
                Stream.of(
                    Arguments.of("bf16", (Packing) Bf16Matrix::pack, s[0], s[1], 1e-2),
                    Arguments.of("f32", (Packing) F32Matrix::pack, s[0], s[1], 1e-4),
                    Arguments.of("int8", (Packing) Int8Matrix::pack, s[0], s[1], 2e-1)));
  }

  @ParameterizedTest(name = "{0} {2} x {3}")
  @MethodSource("matrices")
  void multiplies(String name, Packing packing, int rows, int columns, double tolerance) {
    float[] weights = random(1, rows * columns);
    float[] x = random(2, 19 * columns);
    PackedMatrix matrix =
        packing.pack(Kernels.best(), rows, columns, new ArrayRows(weights, columns));
    float[] y = multiply(matrix, x, 19);
    for (int b = 0; b < 19; b++) {
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        for (int k = 0; k < columns; k++) {
          sum += (double) x[b * columns + k] * weights[r * columns + k];
        }
        assertThat((double) y[b * rows + r])
            .isEqualTo(sum, within(tolerance * Math.sqrt(columns / 10.0 + 1)));
      }
    }
  }

  @ParameterizedTest(name = "{0} {2} x {3}")
  @MethodSource("matrices")
  void everyBatchAndKernelGivesTheSameBits(
      String name, Packing packing, int rows, int columns, double tolerance) {
    RowSource source = new ArrayRows(random(1, rows * columns), columns);
    float[] x = random(2, MANY * columns);
    float[] expected = multiply(packing.pack(Kernels.scalar(), rows, columns, source), x, MANY);
    PackedMatrix matrix = packing.pack(new VectorKernels(), rows, columns, source);
    for (int batch : BATCHES) {
      assertThat(bits(multiply(matrix, x, batch)))
          .as("batch of %d", batch)
          .isEqualTo(bits(Arrays.copyOf(expected, batch * rows)));
    }
  }

  @ParameterizedTest(name = "{0} {2} x {3}")
  @MethodSource("matrices")
  void givesBackItsRows(String name, Packing packing, int rows, int columns, double tolerance) {
    float[] weights = random(1, rows * columns);
    PackedMatrix matrix =
        packing.pack(Kernels.best(), rows, columns, new ArrayRows(weights, columns));
    float[] row = new float[columns + 1];
    for (int r = 0; r < rows; r++) {
      matrix.row(r, row, 1);
      for (int k = 0; k < columns; k++) {
        assertThat((double) row[1 + k]).isEqualTo(weights[r * columns + k], within(0.02));
      }
    }
  }

  /** Rounding is to nearest even, as the platform's own does it. */
  @Test
  void bytesAreRoundedAsRintRounds() {
    float[] weights = random(3, 64 * Int8Matrix.BLOCK);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % Int8Matrix.BLOCK == 0 ? -127 : Math.round(weights[i] * 254) / 2f;
    }
    Int8Matrix matrix =
        Int8Matrix.pack(
            Kernels.scalar(), 64, Int8Matrix.BLOCK, new ArrayRows(weights, Int8Matrix.BLOCK));
    float[] row = new float[Int8Matrix.BLOCK];
    for (int r = 0; r < 64; r++) {
      matrix.row(r, row, 0);
      for (int k = 0; k < row.length; k++) {
        assertThat(row[k]).isEqualTo((float) Math.rint(weights[r * row.length + k]));
      }
    }
  }

  private static float[] multiply(PackedMatrix matrix, float[] x, int batch) {
    float[] y = new float[batch * matrix.rows()];
    Arrays.fill(y, Float.NaN);
    matrix.multiply(x, batch, y, new PackedRows(), TEAM);
    return y;
  }

  private static int[] bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToIntBits(values[i])).toArray();
  }

  private static float[] random(long seed, int n) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  private record ArrayRows(float[] weights, int columns) implements RowSource {
    @Override
    public void floats(int firstRow, int count, float[] into) {
      System.arraycopy(weights, firstRow * columns, into, 0, count * columns);
    }

    @Override
    public void bf16Pairs(int firstRow, int count, int[] into) {
      for (int i = 0; i < count * columns; i += 2) {
        int at = firstRow * columns + i;
        into[i / 2] = RowSource.bf16Pair(weights[at], weights[at + 1]);
      }
    }
  }
}
