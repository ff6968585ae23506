package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/** This shows that what documents say of the command is so, and that their links lead somewhere. */
final class DocumentsTest {
  /** A call in a block of a shell or in the text, up to a comment, a pipe or the quote's end. */
  private static final Pattern CALL =
      Pattern.compile(
          "(?:^|[`(] ?| )\\./serving((?: +[^#|&>`\\n\\\\]+|\\\\\\n)*)", Pattern.MULTILINE);

  private static final Pattern OPTION = Pattern.compile("`(--[a-z][a-z-]+)[^`]*`");

  /** A link within the repository. */
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

  /** Words that stand for some value. */
  private static final Pattern PLACEHOLDER = Pattern.compile("…|\\[.*\\]|\\.\\.\\.");

  /** Options of other programs that documents speak of. */
  private static final Set<String> FOREIGN =
      Set.of(
          "--model_args", "--enable-feature", "--quick", "--only", "--list", "--clients", "--help");

  @TestFactory
  Stream<DynamicTest> everyCallIsUnderstood() throws IOException {
    return documents()
        .flatMap(
            document ->
                calls(document).stream()
                    .map(call -> DynamicTest.dynamicTest(name(document, call), () -> parse(call))));
  }

  @TestFactory
  Stream<DynamicTest> everyOptionIsThere() throws IOException {
    Set<String> known = new TreeSet<>(FOREIGN);
    collect(ServingCommand.parserOf(), known);
    return documents()
        .map(
            document ->
                DynamicTest.dynamicTest(
                    name(document, "options"),
                    () -> assertThat(known).containsAll(options(document))));
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    for (Path document : documents().toList()) {
      for (MatchResult link : LINK.matcher(text(document)).results().toList()) {
        assertThat(document.resolveSibling(link.group(1))).as(document.toString()).exists();
      }
    }
  }

  private static String name(Path document, String what) {
    return ServingProcess.ROOT.relativize(document) + ": " + what;
  }

  private static void parse(String call) {
    CommandLine.ParseResult parsed = ServingCommand.parserOf().parseArgs(words(call));
    assertThat(parsed.unmatched()).isEmpty();
  }

  private static String[] words(String call) {
    List<String> words = new ArrayList<>();
    Pattern.compile("\"([^\"]*)\"|(\\S+)")
        .matcher(call)
        .results()
        .filter(word -> word.group(2) == null || !PLACEHOLDER.matcher(word.group(2)).matches())
        .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
        .map(word -> word.equals("N") ? "1" : word)
        .forEach(words::add);
    return words.toArray(String[]::new);
  }

  private static List<String> calls(Path document) {
    return CALL.matcher(text(document))
        .results()
        .map(call -> call.group(1).replace("\\\n", " ").strip())
        .distinct()
        .toList();
  }

  private static List<String> options(Path document) {
    return OPTION
        .matcher(text(document))
        .results()
        .map(MatchResult::group)
        .map(o -> o.replaceAll("`(--[a-z-]+).*`", "$1"))
        .distinct()
        .toList();
  }

  private static void collect(CommandLine command, Set<String> names) {
    command.getCommandSpec().options().forEach(option -> names.addAll(List.of(option.names())));
    command.getSubcommands().values().forEach(below -> collect(below, names));
  }

  private static Stream<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(ServingProcess.ROOT, 5)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !file.toString().contains("/models/"))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static String text(Path document) {
    try {
      return Files.readString(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
