package dev.serving.cli.backends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/** Prints, after the last test, which program of which version passed which check. */
final class ProofTable implements TestWatcher, BeforeAllCallback {
  private static final Map<String, String> FIGURES = new ConcurrentHashMap<>();
  private static final Map<String, String> VERSIONS = new ConcurrentHashMap<>();

  private record Row(String programs, String check, String result) {
    @Override
    public String toString() {
      return "%-46s | %-86s | %s".formatted(programs, check, result);
    }
  }

  /** The rows; JUnit closes it after all classes. */
  private static final class Rows implements AutoCloseable {
    private final List<Row> rows = new ArrayList<>();

    @Override
    public void close() throws IOException {
      String table =
          Stream.concat(Stream.of(new Row("program, version", "check", "result")), rows.stream())
              .map(Row::toString)
              .collect(Collectors.joining("\n", "\n", "\n"));
      System.out.println(table);
      Files.writeString(Path.of("target", "backends.txt"), table);
    }
  }

  /** What this test saw, for its row. */
  static void figures(String figures) {
    FIGURES.put(Thread.currentThread().getName(), figures);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    rows(context);
  }

  private static List<Row> rows(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(ProofTable.class))
        .getOrComputeIfAbsent(Rows.class, key -> new Rows(), Rows.class)
        .rows;
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    add(context, "ok");
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    add(context, "FAILED");
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    add(context, "not run: " + cause.getMessage());
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    add(context, "not run: " + reason.orElse(""));
  }

  private static void add(ExtensionContext context, String result) {
    Proves proves = context.getRequiredTestClass().getAnnotation(Proves.class);
    String programs =
        Stream.of(proves.value())
            .map(name -> name + " " + VERSIONS.computeIfAbsent(name, ProofTable::version))
            .collect(Collectors.joining(", "));
    String figures = FIGURES.remove(Thread.currentThread().getName());
    rows(context)
        .add(new Row(programs, words(context), figures == null ? result : result + ", " + figures));
  }

  /** {@code theFileHoldsIt} as "the file holds it", with the parameters of this run. */
  private static String words(ExtensionContext context) {
    String method = context.getRequiredTestMethod().getName();
    String said = method.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    String display = context.getDisplayName();
    return display.startsWith(method) ? said : said + ": " + display;
  }

  /** What the program says of itself. */
  private static String version(String name) {
    String word = name.equals("jaeger") ? "version" : "--version";
    if (name.equals("stackcheck")) {
      return "of this tree";
    }
    String said = Program.run(List.of(Program.named(name), word), Map.of(), null).text();
    return Pattern.compile("\\d+\\.\\d+\\.\\d+")
        .matcher(said)
        .results()
        .map(MatchResult::group)
        .findFirst()
        .orElse("?");
  }
}
