package dev.serving.viewer.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which traces somebody wants to keep whatever comes; for the next start too where there is a
 * directory, in a file with a trace id on each line. Guarded by the store's lock, but for the
 * writing.
 */
final class Pins {
  /** So many at most. */
  static final int MOST = 100;

  private static final String NAME = "pinned";

  private final Set<HeldTrace.Key> keys = new LinkedHashSet<>();
  private final Path file;
  private long changes;

  private Pins(Path file) {
    this.file = file;
  }

  /** Those of the directory; none where it is null. */
  static Pins open(Path directory) throws IOException {
    Pins pins = new Pins(directory == null ? null : directory.resolve(NAME));
    if (directory != null) {
      pins.read();
    }
    return pins;
  }

  boolean has(HeldTrace.Key key) {
    return keys.contains(key);
  }

  int count() {
    return keys.size();
  }

  /** Grows whenever one is added or taken away. */
  long changes() {
    return changes;
  }

  void add(HeldTrace.Key key) {
    changes += keys.add(key) ? 1 : 0;
  }

  void remove(HeldTrace.Key key) {
    changes += keys.remove(key) ? 1 : 0;
  }

  void retain(Collection<HeldTrace.Key> held) {
    keys.retainAll(held);
  }

  List<String> ids() {
    return keys.stream().map(HeldTrace.Key::hex).toList();
  }

  /** Writes these down, all or none of them. */
  void write(List<String> ids) throws IOException {
    if (file != null) {
      Path fresh = file.resolveSibling(NAME + ".new");
      Files.write(fresh, ids);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void read() throws IOException {
    try {
      Files.readAllLines(file).stream()
          .filter(line -> line.matches("[0-9a-f]{32}"))
          .limit(MOST)
          .forEach(line -> keys.add(HeldTrace.Key.of(line)));
    } catch (NoSuchFileException nothingPinnedYet) {
      // Then there are none.
    }
  }
}
