package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.SeenSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of attributes and events that the guide to traces explains. */
final class ExplainedNames {
  private static final Path GUIDE = ServingProcess.ROOT.resolve("docs").resolve("tracing.md");
  private static final Pattern CODE = Pattern.compile("`([^`\\s]+)`");

  /** OpenTelemetry explains its own. */
  private static final Pattern CONVENTION =
      Pattern.compile(
          "(http|url|network|client|server|user_agent|gen_ai|error|exception|thread|user)\\..+");

  private ExplainedNames() {}

  /** Checks that nothing in these spans has a name that nobody explains. */
  static void assertExplain(List<SeenSpan> spans) throws IOException {
    Set<String> seen = new TreeSet<>();
    for (SeenSpan span : spans) {
      seen.addAll(span.attributes().keySet());
      for (SeenSpan.Event event : span.events()) {
        seen.add(event.name());
        seen.addAll(event.attributes().keySet());
      }
    }
    Set<String> explained = explained();
    assertThat(seen).contains("batch.size", "first_token", "preempted", "blame.top");
    seen.removeIf(name -> CONVENTION.matcher(name).matches() || explained.contains(name));
    seen.removeIf(name -> name.matches("blame\\..+_ns") && explained.contains("blame.<cause>_ns"));
    assertThat(seen).as("names that %s does not explain", GUIDE).isEmpty();
  }

  /** A name that begins with a dot goes on from the one before it. */
  private static Set<String> explained() throws IOException {
    Set<String> names = new HashSet<>();
    Matcher code = CODE.matcher(Files.readString(GUIDE));
    String group = "";
    while (code.find()) {
      String name = code.group(1);
      if (!name.startsWith(".")) {
        group = name.replaceFirst("\\..*", "");
      }
      names.add(name.startsWith(".") ? group + name : name);
    }
    return names;
  }
}
