package dev.serving.viewer.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A directory in which blocks outlive the process: a file for each, to which stretches are only
 * ever added.
 *
 * <pre>
 * 0000002a.spans   length │ CRC-32C │ stretch of the block │ length │ CRC-32C │ …
 * </pre>
 *
 * A stretch that a crash cut is the last of its file and is left out. One process at a time; for
 * one thread at a time.
 */
final class BlockFiles implements AutoCloseable {
  private static final String SUFFIX = ".spans";
  private static final int HEAD = 8;

  private final Path directory;
  private final FileChannel lockFile;
  private int open = -1;
  private FileChannel channel;

  /** A block as it was found. */
  static final class Found {
    final int number;
    final byte[] bytes;
    final long modifiedMillis;

    Found(int number, byte[] bytes, long modifiedMillis) {
      this.number = number;
      this.bytes = bytes;
      this.modifiedMillis = modifiedMillis;
    }
  }

  private BlockFiles(Path directory, FileChannel lockFile) {
    this.directory = directory;
    this.lockFile = lockFile;
  }

  /** Makes the directory if it is missing, for its owner alone, and takes it. */
  static BlockFiles open(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      FileChannel lockFile =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return new BlockFiles(directory, locked(directory, lockFile));
    } catch (IOException e) {
      throw new UncheckedIOException("traces cannot be kept in " + directory, e);
    }
  }

  /** Every block that can be read, the oldest first. */
  List<Found> read() {
    try (Stream<Path> files = Files.list(directory)) {
      List<Found> found = new ArrayList<>();
      for (Path file : files.filter(BlockFiles::isBlock).sorted().toList()) {
        found.add(read(file));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException("what is kept in " + directory + " cannot be read", e);
    }
  }

  /** Adds a stretch of a block; it is on the disk when this returns, or nothing of it is. */
  void write(int number, byte[] bytes, int from, int to) throws IOException {
    FileChannel file = channel(number);
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, to - from);
    ByteBuffer head =
        ByteBuffer.allocate(HEAD).putInt(to - from).putInt((int) sum.getValue()).flip();
    long before = file.size();
    try {
      write(file, head);
      write(file, ByteBuffer.wrap(bytes, from, to - from));
      file.force(false);
    } catch (IOException e) {
      file.truncate(before);
      throw e;
    }
  }

  void delete(int number) throws IOException {
    if (number == open) {
      channel.close();
      open = -1;
    }
    Files.deleteIfExists(file(number));
  }

  @Override
  public void close() throws IOException {
    if (open >= 0) {
      channel.close();
      open = -1;
    }
    lockFile.close();
  }

  private FileChannel channel(int number) throws IOException {
    if (number != open) {
      if (open >= 0) {
        channel.close();
      }
      channel =
          FileChannel.open(
              file(number),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND);
      open = number;
    }
    return channel;
  }

  private Path file(int number) {
    return directory.resolve("%08x%s".formatted(number, SUFFIX));
  }

  private static FileChannel locked(Path directory, FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      if (lock != null) {
        return file;
      }
    } catch (OverlappingFileLockException sameProcess) {
      // Said below.
    }
    file.close();
    throw new FileSystemException(directory.toString(), null, "another viewer uses it");
  }

  private static void write(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  private static boolean isBlock(Path file) {
    return file.getFileName().toString().matches("[0-7][0-9a-f]{7}\\" + SUFFIX);
  }

  private static Found read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
    byte[] bytes = new byte[in.remaining()];
    int size = 0;
    while (in.remaining() >= HEAD) {
      int length = in.getInt();
      int wanted = in.getInt();
      if (length < 0 || length > in.remaining()) {
        break;
      }
      in.get(bytes, size, length);
      CRC32C sum = new CRC32C();
      sum.update(bytes, size, length);
      if ((int) sum.getValue() != wanted) {
        break;
      }
      size += length;
    }
    int number = Integer.parseInt(file.getFileName().toString().substring(0, 8), 16);
    return new Found(
        number, Arrays.copyOf(bytes, size), Files.getLastModifiedTime(file).toMillis());
  }
}
