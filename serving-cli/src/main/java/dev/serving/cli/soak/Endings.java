package dev.serving.cli.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server's log says of its requests' ends: a sum tells of none that ended twice where
 * another never did.
 *
 * @param ended requests that have ended
 * @param twice of these, those that have ended more than once
 * @param never those that have begun and never ended
 */
record Endings(Set<String> ended, Set<String> twice, Set<String> never) {
  private static final Pattern LINE =
      Pattern.compile(
          "event=\"(PREPROCESSING_START|POSTPROCESSING_END|REQUEST_END)\".* request_id=\"([^\"]+)\"");

  /** Reads a log of lifecycle events as text. */
  static Endings in(Path log) throws IOException {
    Endings endings = new Endings(new HashSet<>(), new TreeSet<>(), new TreeSet<>());
    try (Stream<String> lines = Files.lines(log)) {
      lines.map(LINE::matcher).filter(Matcher::find).forEach(endings::read);
    }
    endings.never.removeAll(endings.ended);
    return endings;
  }

  private void read(Matcher event) {
    String request = event.group(2);
    if (event.group(1).equals("PREPROCESSING_START")) {
      never.add(request);
    } else if (!ended.add(request)) {
      twice.add(request);
    }
  }
}
