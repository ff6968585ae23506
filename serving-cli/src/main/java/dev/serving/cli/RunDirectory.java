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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Where the processes of one server keep files, in memory where the system has such a place:
 * journals, the ranks' shared memory until all have it, and {@link ProcessNotes}. The server holds
 * a lock in it as long as it lives. So whoever ends, and however, somebody can end the processes
 * and remove the files that are left: the server for its engines, and for a server that was killed
 * the last of its children, or the next start. Any thread.
 */
final class RunDirectory implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RunDirectory.class.getName());
  private static final String PREFIX = "serving-run-";
  private static final String LOCK = "server";

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
        new ProcessNotes(run).endAll();
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

  /** The processes of this server beside itself. */
  ProcessNotes processes() {
    return new ProcessNotes(path);
  }

  /**
   * The server is gone, and the calling process goes: the last one clears up. One thread at a time:
   * whoever comes second may end the process as soon as he is through.
   */
  static synchronized void leave(Path run) {
    try {
      ProcessNotes processes = new ProcessNotes(run);
      processes.leave();
      if (!processes.anyAlive()) {
        deleteUnlessLocked(run);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "somebody else clears up", e);
    }
  }

  private static void deleteUnlessLocked(Path run) throws IOException {
    try (FileChannel channel = FileChannel.open(run.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      if (held != null) {
        delete(run);
      }
    }
  }

  /** Removes a file, or a directory with all in it; somebody else may be removing it, too. */
  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
        for (Path file : files) {
          delete(file);
        }
      } catch (NoSuchFileException e) {
        // gone meanwhile
      }
    }
    Files.deleteIfExists(path);
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
