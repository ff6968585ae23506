package dev.serving.core.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A mapped file that the ranks of one engine on one host share:
 *
 * <pre>
 *   line 0            given up: not 0 when the engine lets the group fail
 *   lines 1 .. n      published: how many times rank k has published
 *   lines n+1 .. 2n   pulse: counts up while rank k's process lives
 *   page              for each rank two slots of {@value #SLOT} floats
 * </pre>
 *
 * <p>A line is 128 bytes, so that no two ranks write to the same cache line. Any thread.
 */
public final class SharedMemory {
  /** Floats in a slot. */
  static final int SLOT = 1 << 18;

  private static final String FILE = "ranks";
  private static final int LINE = 128;
  private static final int PAGE = 4096;
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final MappedByteBuffer bytes;
  private final FloatBuffer floats;
  private final int ranks;

  private SharedMemory(MappedByteBuffer bytes, int ranks) {
    this.bytes = bytes;
    this.ranks = ranks;
    floats =
        bytes
            .slice(header(ranks), bytes.capacity() - header(ranks))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
  }

  /**
   * Makes a directory that only this user can enter, in memory where the system has such a place.
   *
   * @param place where; null for one of the system's
   * @throws UncheckedIOException when it cannot be made
   */
  public static Path directory(Path place) {
    Path memory = Path.of("/dev/shm");
    try {
      if (place != null) {
        return Files.createTempDirectory(place, "ranks-");
      }
      return Files.isDirectory(memory) && Files.isWritable(memory)
          ? Files.createTempDirectory(memory, "serving-")
          : Files.createTempDirectory("serving-");
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for shared memory", e);
    }
  }

  /**
   * Makes the file in a directory that only its owner can enter.
   *
   * @throws UncheckedIOException when it cannot be made
   */
  public static SharedMemory create(Path directory, int ranks) {
    fill(directory, size(ranks));
    return open(directory, ranks);
  }

  /** Takes all its room now: a store to a mapped page for which there is none kills a process. */
  private static void fill(Path directory, long size) {
    ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
    try (FileChannel file =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long left = size; left > 0; left -= zeros.position()) {
        file.write(zeros.clear().limit((int) Math.min(left, zeros.capacity())));
      }
    } catch (IOException e) {
      remove(directory);
      throw new UncheckedIOException(
          "the ranks need %d KB of shared memory, which %s does not have (%s); in a container, see --shm-size"
              .formatted(size >> 10, directory.getParent(), e.getMessage()),
          e);
    }
  }

  /**
   * Maps a file that {@link #create} made.
   *
   * @throws UncheckedIOException when it cannot be mapped
   */
  static SharedMemory open(Path directory, int ranks) {
    Path file = directory.resolve(FILE);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new SharedMemory(channel.map(FileChannel.MapMode.READ_WRITE, 0, size(ranks)), ranks);
    } catch (IOException e) {
      throw new UncheckedIOException("shared memory for the ranks in " + directory, e);
    }
  }

  /** Removes file and directory; those who have mapped it keep their memory. */
  public static void remove(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(FILE));
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("shared memory cannot be removed from " + directory, e);
    }
  }

  private static long size(int ranks) {
    return header(ranks) + 2L * ranks * SLOT * Float.BYTES;
  }

  private static int header(int ranks) {
    int lines = (1 + 2 * ranks) * LINE;
    return (lines + PAGE - 1) / PAGE * PAGE;
  }

  boolean givenUp() {
    return read(0) != 0;
  }

  /** Lets every rank that waits for another fail at once. */
  public void giveUp() {
    write(0, 1);
  }

  long published(int rank) {
    return read(1 + rank);
  }

  /** Makes what this rank has put into its slot visible to those who read the count. */
  void publish(int rank, long count) {
    write(1 + rank, count);
  }

  /** How often the rank has shown that its process lives. */
  public long pulse(int rank) {
    return read(1 + ranks + rank);
  }

  void pulse(int rank, long count) {
    write(1 + ranks + rank, count);
  }

  /** Copies to a rank's slot; {@code parity} 0 or 1. */
  void put(int rank, int parity, float[] from, int offset, int length) {
    floats.put(slot(rank, parity), from, offset, length);
  }

  /** Copies from a rank's slot. */
  void get(int rank, int parity, int start, float[] to, int offset, int length) {
    floats.get(slot(rank, parity) + start, to, offset, length);
  }

  private static int slot(int rank, int parity) {
    return (2 * rank + parity) * SLOT;
  }

  private long read(int line) {
    return (long) LONGS.getAcquire(bytes, line * LINE);
  }

  private void write(int line, long value) {
    LONGS.setRelease(bytes, line * LINE, value);
  }
}
