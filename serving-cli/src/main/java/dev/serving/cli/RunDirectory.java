package dev.serving.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the processes of one server keep files, in memory where the system has such a place:
 * journals, the ranks' shared memory until all have it, and a note of each child process. The
 * server holds a lock in it as long as it lives. So whoever ends, and however, somebody can end the
 * processes and remove the files that are left: the server for its engines, and for a server that
 * was killed the last of its children, or the next start. Any thread.
 */
final class RunDirectory implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RunDirectory.class.getName());
  private static final String PREFIX = "serving-run-";
  private static final String LOCK = "server";
  private static final String NOTE = "process.";
  private static final Pattern NOTED = Pattern.compile("process\\.\\d+\\.(\\d+)\\.(\\d+)");
  private static final long ENDING_S = 2;

  /** A start time is told in ticks of a clock that is set now and then. */
  private static final long SAME_START_MS = 2_000;

  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lock;

  private RunDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the directory of a server, which only this user can enter, and clears those of servers
   * that are gone.
   *
   * @param leftBehind shown each of those before it is removed, its processes ended
   * @throws IOException when there is no place for it
   */
  static RunDirectory create(Consumer<Path> leftBehind) throws IOException {
    Path base = base();
    Path path = base == null ? temporary() : Files.createTempDirectory(base, PREFIX);
    FileChannel lock =
        FileChannel.open(
            path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    OURS.add(path); // to open the lock's file again and to close it would let go of the lock
    clear(path.getParent(), Files.getOwner(path), leftBehind);
    return new RunDirectory(path, lock);
  }

  private static Path base() {
    Path memory = Path.of("/dev/shm");
    return Files.isDirectory(memory) && Files.isWritable(memory) ? memory : null;
  }

  private static Path temporary() throws IOException {
    return Files.createTempDirectory(PREFIX);
  }

  private static void clear(Path base, UserPrincipal owner, Consumer<Path> leftBehind) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(base, PREFIX + "*")) {
      for (Path run : all) {
        if (!OURS.contains(run) && owner.equals(Files.getOwner(run, LinkOption.NOFOLLOW_LINKS))) {
          clearIfDead(run, leftBehind);
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "what was left behind cannot be looked through", e);
    }
  }

  private static void clearIfDead(Path run, Consumer<Path> leftBehind) {
    try (FileChannel channel = FileChannel.open(run.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      if (held != null) {
        end(run, note -> true);
        leftBehind.accept(run);
        delete(run);
      }
    } catch (NoSuchFileException e) {
      // A server that begins or ends this moment.
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "what was left behind cannot be removed", e);
    }
  }

  Path path() {
    return path;
  }

  /** Notes the calling process, a child of the server or of one of its engines. */
  static void enter(Path run) {
    if (run != null) {
      try {
        Files.createFile(run.resolve(note()));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "this process is not noted", e);
      }
    }
  }

  /** The server is gone, and the calling process goes: the last one clears up. */
  static void leave(Path run) {
    if (run == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(run.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      Files.deleteIfExists(run.resolve(note()));
      if (held != null && notes(run).isEmpty()) {
        delete(run);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "somebody else clears up", e);
    }
  }

  private static String note() {
    ProcessHandle self = ProcessHandle.current();
    long parent = self.parent().map(ProcessHandle::pid).orElse(0L);
    return NOTE + parent + "." + self.pid() + "." + startMillis(self);
  }

  private static long startMillis(ProcessHandle process) {
    return process.info().startInstant().map(t -> t.toEpochMilli()).orElse(0L);
  }

  /** Ends those children of an engine that is gone which have not ended by themselves. */
  void endChildrenOf(long engine) {
    end(path, note -> note.startsWith(NOTE + engine + "."));
  }

  /** Ends every child that has not ended by itself. */
  void endAll() {
    end(path, note -> true);
  }

  private static void end(Path run, Predicate<String> which) {
    List<ProcessHandle> alive = new ArrayList<>();
    for (Path note : notes(run)) {
      if (which.test(note.getFileName().toString())) {
        alive.addAll(process(note.getFileName().toString()).toList());
      }
    }
    alive.forEach(process -> awaitEnd(process, ENDING_S));
    for (ProcessHandle process : alive) {
      if (process.isAlive()) {
        LOG.log(
            System.Logger.Level.WARNING, "process {0} has not ended: killed", "" + process.pid());
        process.destroyForcibly();
        awaitEnd(process, ENDING_S);
      }
    }
  }

  /** The process of a note if it still is that one. */
  private static Stream<ProcessHandle> process(String note) {
    Matcher parts = NOTED.matcher(note);
    return parts.matches()
        ? ProcessHandle.of(Long.parseLong(parts.group(1))).stream()
            .filter(p -> Math.abs(startMillis(p) - Long.parseLong(parts.group(2))) < SAME_START_MS)
        : Stream.empty();
  }

  private static void awaitEnd(ProcessHandle process, long seconds) {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(System.Logger.Level.DEBUG, "it does not end by itself", e);
    }
  }

  private static List<Path> notes(Path run) {
    List<Path> notes = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(run, NOTE + "*.*.*")) {
      all.forEach(notes::add);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "no notes to be read", e);
    }
    return notes;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Removes all that is left. */
  @Override
  public void close() {
    try {
      delete(path);
      lock.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, path + " stays behind until the next start", e);
    }
  }
}
