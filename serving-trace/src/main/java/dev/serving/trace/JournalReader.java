package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads what a process that was killed could not tell any more. */
final class JournalReader {
  private JournalReader() {}

  /**
   * Takes the spans out of a journal and deletes it; nothing if its process lives, or there is no
   * journal in the file.
   *
   * @param resource of this process; those of the other differ in the process only
   * @throws IOException if the file cannot be read
   */
  static List<RecoveredSpan> take(Path path, Resource resource, String reason) throws IOException {
    try (FileChannel channel =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null || channel.size() < FileJournal.FIRST * FileJournal.ENTRY) {
        return List.of();
      }
      List<RecoveredSpan> spans = read(channel, resource, reason);
      Files.deleteIfExists(path);
      return spans;
    } catch (OverlappingFileLockException | NoSuchFileException e) {
      return List.of(); // it is this process's own, or somebody else was faster
    }
  }

  private static List<RecoveredSpan> read(FileChannel channel, Resource own, String reason)
      throws IOException {
    MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    bytes.order(ByteOrder.nativeOrder());
    if (bytes.getLong(0) != FileJournal.MAGIC) {
      return List.of();
    }
    Attributes process =
        JournalEntry.readProcess(
            bytes.slice(FileJournal.PROCESS * FileJournal.ENTRY, FileJournal.ENTRY));
    Resource resource = own.merge(Resource.create(process));
    long alive = bytes.getLong(FileJournal.ALIVE);
    long used = Math.min(bytes.getLong(FileJournal.USED), bytes.capacity() / FileJournal.ENTRY);
    List<RecoveredSpan> spans = new ArrayList<>();
    for (int i = FileJournal.FIRST; i < used; i++) {
      if (bytes.getLong(i * FileJournal.ENTRY) != 0) {
        JournalEntry entry =
            JournalEntry.read(bytes.slice(i * FileJournal.ENTRY, FileJournal.ENTRY));
        spans.add(RecoveredSpan.of(entry, alive, resource, reason));
      }
    }
    return spans;
  }
}
