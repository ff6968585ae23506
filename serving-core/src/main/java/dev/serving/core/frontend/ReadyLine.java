package dev.serving.core.frontend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line of standard output by which a server says that it is ready for load.
 *
 * @param model what it serves
 * @param uri where
 */
public record ReadyLine(String model, URI uri) {
  private static final Pattern LINE = Pattern.compile("Serving (\\S+) at (http\\S+)");

  /** The line. */
  public String text() {
    return "Serving " + model + " at " + uri;
  }

  /** The line in what a server says, which may have more before it; empty where it is another. */
  public static Optional<ReadyLine> in(String line) {
    Matcher ready = LINE.matcher(line);
    return ready.find()
        ? Optional.of(new ReadyLine(ready.group(1), URI.create(ready.group(2))))
        : Optional.empty();
  }

  /**
   * Reads what a server says until that line; what comes after it is not for anybody else to read.
   *
   * @param said its standard output
   * @return empty where it ended before
   * @throws IOException when it cannot be read
   */
  public static Optional<ReadyLine> awaitIn(InputStream said) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(said, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Optional<ReadyLine> ready = in(line);
      if (ready.isPresent()) {
        return ready;
      }
    }
    return Optional.empty();
  }
}
