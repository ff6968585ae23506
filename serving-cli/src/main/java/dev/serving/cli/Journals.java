package dev.serving.cli;

import dev.serving.trace.Tracing;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What engines and their ranks note of their open spans, so that others can tell it when they are
 * killed. Each start of an engine has a directory of its own, with a file for each of its
 * processes; it goes with the last of them. Any thread.
 */
final class Journals {
  private static final System.Logger LOG = System.getLogger(Journals.class.getName());
  private static final String KILLED = "its process was killed";
  private static final String SERVER_KILLED = "its server was killed";
  private static final String DIRECTORY = "journals-";
  private static final String ENGINE = "scheduler";
  private static final String RANK = "rank-";

  private final Tracing tracing;
  private final TraceReceiver receiver;
  private final Path run; // null when there is no place
  private final Set<Path> directories = ConcurrentHashMap.newKeySet();

  /**
   * Journals in the directory of a server, if there is one.
   *
   * @param receiver for whom they are, should another server find them
   */
  Journals(Tracing tracing, TraceReceiver receiver, Path run) {
    this.tracing = tracing;
    this.receiver = receiver;
    this.run = run;
  }

  /**
   * Makes a place for an engine and its ranks, which only this user can enter, in memory where the
   * system has such a place.
   *
   * @return the engine's file; null where nothing is traced, or there is no such place
   */
  Path forEngine() {
    if (!tracing.enabled() || run == null) {
      return null;
    }
    try {
      receiver.noteIn(run);
      Path directory = Files.createTempDirectory(run, DIRECTORY);
      directories.add(directory);
      return directory.resolve(ENGINE);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "no journals: spans of a killed engine are lost", e);
      return null;
    }
  }

  /**
   * Tells what is left in the directory of a server that was killed with all its processes, if it
   * sent its traces where this one does: nobody else may hear of its requests.
   */
  static void recoverRun(Tracing tracing, TraceReceiver receiver, Path run) {
    try (DirectoryStream<Path> journals = Files.newDirectoryStream(run, DIRECTORY + "*")) {
      for (Path directory : journals) {
        if (tracing.enabled() && receiver.isNotedIn(run)) {
          recover(tracing, directory, "", SERVER_KILLED);
        } else {
          LOG.log(
              System.Logger.Level.INFO,
              "open spans of a server that was killed are lost: its traces went elsewhere");
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "journals in " + run + " cannot be read", e);
    }
  }

  /** The file of an engine's further rank; null when the engine has none. */
  static Path ofRank(Path engine, int rank) {
    return engine == null ? null : engine.resolveSibling(RANK + rank);
  }

  /** An engine has ended: tells what it did not, nor those of its ranks that are gone too. */
  void ended(Path engine, String reason) {
    if (engine != null) {
      settle(engine.getParent(), reason);
    }
  }

  /** Tells what is left of all that is gone. */
  void close() {
    directories.forEach(directory -> settle(directory, KILLED));
  }

  private void settle(Path directory, String reason) {
    recover(tracing, directory, "", reason);
    if (remove(directory)) {
      directories.remove(directory);
    }
  }

  /** Tells what an engine's ranks that are gone did not tell. */
  static void recoverRanks(Tracing tracing, Path engine) {
    if (engine != null) {
      recover(tracing, engine.getParent(), RANK, KILLED);
    }
  }

  private static void recover(Tracing tracing, Path directory, String prefix, String reason) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, prefix + "*")) {
      for (Path file : files) {
        int spans = tracing.recover(file, reason);
        LOG.log(System.Logger.Level.DEBUG, "{0} spans recovered from {1}", spans, file);
      }
    } catch (NoSuchFileException e) {
      // Somebody has been here: nothing was left.
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "journals in " + directory + " cannot be read", e);
    }
  }

  /** Removes an engine's directory unless one of its processes still has its file in it. */
  static boolean remove(Path directory) {
    try {
      Files.deleteIfExists(directory);
      return true;
    } catch (IOException e) {
      return false; // in use, and removed by its user
    }
  }
}
