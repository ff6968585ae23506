package dev.serving.trace;

import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A journal in a mapped file, which the system keeps when it kills the process. The file is locked
 * while its process lives: that is how {@link JournalReader} tells the dead from the living.
 *
 * <pre>
 *   0     magic, last sign of life, number of entries ever used
 *   512   what the process is
 *   1024  entry 2, entry 3 …, 512 bytes each; an entry whose first word is 0 is free
 * </pre>
 */
final class FileJournal implements SpanJournal {
  static final long MAGIC = 0x5350_414E_4A4F_5531L;
  static final int ALIVE = 8;
  static final int USED = 16;
  static final int ENTRY = 512;

  /** The entry that says what the process is. */
  static final int PROCESS = 1;

  static final int FIRST = 2;

  /** One more than there are entries, which are 4 MB. */
  static final int ENTRIES = 1 << 13;

  static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final Path path;
  private final FileChannel channel; // holds the lock
  private final MappedByteBuffer bytes;
  private final FreeEntries free = new FreeEntries(FIRST, ENTRIES);
  private final Runnable noRoom;

  private FileJournal(Path path, FileChannel channel, Runnable noRoom) throws IOException {
    this.path = path;
    this.channel = channel;
    this.noRoom = noRoom;
    bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) ENTRIES * ENTRY);
    bytes.order(ByteOrder.nativeOrder());
  }

  /**
   * Begins a journal in a file of its own.
   *
   * @param noRoom told of every span that could not be noted
   * @throws IOException if the file exists, or there is no room for it
   */
  static FileJournal create(Path path, Resource resource, Runnable noRoom) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      channel.lock();
      fill(channel);
      FileJournal journal = new FileJournal(path, channel, noRoom);
      journal.begin(resource);
      return journal;
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** Takes all its room now: a store to a mapped page for which there is none kills a process. */
  private static void fill(FileChannel channel) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(ENTRIES * ENTRY);
    while (zeros.hasRemaining()) {
      channel.write(zeros);
    }
  }

  private void begin(Resource resource) {
    JournalEntry.writeProcess(bytes.slice(PROCESS * ENTRY, ENTRY), resource);
    LONGS.setRelease(bytes, 0, MAGIC);
  }

  @Override
  public int note(SpanRecord span) {
    int entry = free.take();
    if (entry == 0) {
      noRoom.run();
    } else {
      LONGS.setRelease(bytes, USED, (long) free.used());
      JournalEntry.write(bytes.slice(entry * ENTRY, ENTRY), span);
      LONGS.setRelease(bytes, entry * ENTRY, 1L);
    }
    return entry;
  }

  @Override
  public void starts(int entry, long ts) {
    LONGS.setRelease(bytes, entry * ENTRY + JournalEntry.START, ts);
  }

  @Override
  public void ends(int entry, long ts) {
    LONGS.setRelease(bytes, entry * ENTRY + JournalEntry.END, ts);
  }

  @Override
  public void forget(int entry) {
    LONGS.setRelease(bytes, entry * ENTRY, 0L);
    free.give(entry);
  }

  @Override
  public long alive(long ts) {
    for (long seen = lastAlive(); ts > seen; seen = lastAlive()) {
      if (LONGS.compareAndSet(bytes, ALIVE, seen, ts)) {
        break;
      }
    }
    return ts;
  }

  @Override
  public long lastAlive() {
    return (long) LONGS.getAcquire(bytes, ALIVE);
  }

  /** Everything is delivered or counted as dropped: nothing is left to tell. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
      channel.close();
    } catch (IOException e) {
      System.getLogger(FileJournal.class.getName())
          .log(System.Logger.Level.WARNING, "the journal " + path + " stays behind", e);
    }
  }
}
