package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** This shows that the page that walks a request names what there is, and each way back. */
final class WalkTest {
  private static final Path ROOT = ServingProcess.ROOT;

  /** A class, or a method of one. */
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?`");

  /** The number of a step and the first class in it. */
  private static final Pattern STEP = Pattern.compile("(?m)^(\\d+)\\. [^`]*`([A-Z]\\w*)[^`]*`");

  private static final Pattern RETURN = Pattern.compile("`(\\w+)` in\\s+step\\s+(\\d+)");

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|interface|record|enum) ([A-Z]\\w*)");

  @Test
  void everyClassAndMethodExists() throws IOException {
    Map<String, String> sources = sources();
    String page = Files.readString(ROOT.resolve("docs/a-request.md"));
    Matcher names = NAME.matcher(page);
    assertThat(names.results()).hasSizeGreaterThan(40);
    names.reset();
    for (MatchResult name : names.results().toList()) {
      assertThat(sources).as("the class " + name.group(1)).containsKey(name.group(1));
      if (name.group(2) != null) {
        assertThat(sources.get(name.group(1))).as(name.group()).contains(" " + name.group(2) + "(");
      }
    }
  }

  /** Of the classes with which the steps begin, those that were left before, as the page says. */
  @Test
  void itsReturnsAreThoseThatItSays() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/a-request.md"));
    List<String> said = RETURN.matcher(page).results().map(r -> r.group(2) + r.group(1)).toList();
    Set<String> visited = new HashSet<>();
    List<String> returns =
        STEP.matcher(page)
            .results()
            .filter(step -> !visited.add(step.group(2)))
            .map(step -> step.group(1) + step.group(2))
            .toList();
    assertThat(visited).hasSizeGreaterThan(10);
    assertThat(returns).isEqualTo(said);
  }

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module :
        new String[] {"serving-core", "serving-trace", "serving-template", "serving-blame"}) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String text = Files.readString(file);
          DECLARED.matcher(text).results().forEach(found -> sources.put(found.group(1), text));
        }
      }
    }
    return sources;
  }
}
