package dev.serving.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A note of each child process in the directory of its server, an empty file named by the parent's
 * process id, its own, and when it began: so that whoever ends, others can find its children and
 * end those that do not end by themselves. Any thread.
 */
final class ProcessNotes {
  private static final System.Logger LOG = System.getLogger(ProcessNotes.class.getName());
  private static final String NOTE = "process.";
  private static final Pattern NOTED = Pattern.compile("process\\.(\\d+)\\.(\\d+)\\.(\\d+)");
  private static final long ENDING_S = 2;

  /** A start time is told in ticks of a clock that is set now and then. */
  private static final long SAME_START_MS = 2_000;

  private final Path directory;

  ProcessNotes(Path directory) {
    this.directory = directory;
  }

  /** Notes the calling process. */
  void enter() {
    try {
      Files.createFile(directory.resolve(ownName()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "this process is not noted", e);
    }
  }

  /** Takes the calling process's note away; its parent may be another by now. */
  void leave() throws IOException {
    String self = Long.toString(ProcessHandle.current().pid());
    for (String name : names()) {
      Matcher note = NOTED.matcher(name);
      if (note.matches() && note.group(2).equals(self)) {
        Files.deleteIfExists(directory.resolve(name));
      }
    }
  }

  private static String ownName() {
    ProcessHandle self = ProcessHandle.current();
    long parent = self.parent().map(ProcessHandle::pid).orElse(0L);
    return NOTE + parent + "." + self.pid() + "." + startMillis(self);
  }

  private static long startMillis(ProcessHandle process) {
    return process.info().startInstant().map(t -> t.toEpochMilli()).orElse(0L);
  }

  boolean anyAlive() {
    return alive(note -> true).findAny().isPresent();
  }

  /** Ends every process that does not end by itself. */
  void endAll() {
    end(note -> true);
  }

  /** Ends those children of a process that do not end by themselves. */
  void endChildrenOf(long parent) {
    end(note -> note.group(1).equals(Long.toString(parent)));
  }

  private void end(Predicate<Matcher> which) {
    List<ProcessHandle> alive = alive(which).toList();
    alive.forEach(ProcessNotes::awaitEnd);
    for (ProcessHandle process : alive) {
      if (process.isAlive()) {
        LOG.log(
            System.Logger.Level.WARNING, "process {0} has not ended: killed", "" + process.pid());
        process.destroyForcibly();
        awaitEnd(process);
      }
    }
  }

  private Stream<ProcessHandle> alive(Predicate<Matcher> which) {
    return names().stream()
        .map(NOTED::matcher)
        .filter(note -> note.matches() && which.test(note))
        .flatMap(ProcessNotes::process);
  }

  /** The process of a note if it still is that one. */
  private static Stream<ProcessHandle> process(Matcher note) {
    long start = Long.parseLong(note.group(3));
    return ProcessHandle.of(Long.parseLong(note.group(2))).stream()
        .filter(process -> Math.abs(startMillis(process) - start) < SAME_START_MS);
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(ENDING_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(System.Logger.Level.DEBUG, "it does not end by itself", e);
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, NOTE + "*")) {
      all.forEach(note -> names.add(note.getFileName().toString()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "no notes to be read", e);
    }
    return names;
  }
}
