package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README says what is so (D-42): its example runs, its tables hold what the code has. */
class ReadmeTest {
  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }

  static String block(String text, String containing) {
    return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .filter(code -> code.contains(containing))
        .findFirst()
        .orElseThrow();
  }

  static Path compiled(String name, String code, Path directory) throws IOException {
    Path source = Files.writeString(directory.resolve(name + ".java"), code);
    int errors =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-sourcepath",
                directory.toString(),
                "-d",
                directory.toString(),
                source.toString());
    assertThat(errors).as("%s compiles", name).isZero();
    return directory;
  }

  @Test
  void theExampleRunsAndPrintsItsSpans(@TempDir Path directory) throws Exception {
    compiled("HelloTrace", block(readme(), "class HelloTrace"), directory);
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path") + File.pathSeparator + directory,
            "HelloTrace");
    command.environment().put("TRACES_ENABLE", "true");
    command.environment().put("OTEL_TRACES_EXPORTER", "console");
    Process process = command.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(output).contains("PREPROCESSING").contains("Hello Req").contains("tokens");
  }

  @Test
  void theCoordinatesAreThoseOfTheBom() throws IOException {
    String bom = Files.readString(Path.of("..", "serving-bom", "pom.xml"));
    String version = bom.replaceAll("(?s).*?<version>(.*?)</version>.*", "$1");
    assertThat(readme())
        .contains("<artifactId>serving-bom</artifactId>\n      <version>" + version + "</version>");
    assertThat(Files.readString(Path.of("pom.xml"))).contains("<version>" + version + "</version>");
    assertThat(bom).contains("<artifactId>serving-trace</artifactId>").doesNotContain("<parent>");
  }

  @Test
  void theRecipesCompile(@TempDir Path directory) throws Exception {
    compiled("ZmqRecipe", block(readme(), "class ZmqRecipe"), directory);
    compiled("ExecutorRecipe", block(readme(), "class ExecutorRecipe"), directory);
    compiled("CallRecipe", block(readme(), "class CallRecipe"), directory);
    compiled("ServerTest", block(readme(), "class ServerTest"), directory);
  }

  @Test
  void D42_everyFunctionIsInTheTableAndNoOther() throws IOException {
    Set<String> functions =
        Stream.of(TraceFunctions.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(firstCells("## Functions")).containsExactlyInAnyOrderElementsOf(functions);
  }

  @Test
  void everyDefectHasItsTestOrItsReason() throws IOException {
    Set<String> tested =
        Stream.of(DefectsTest.class, ReadmeTest.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .map(Method::getName)
            .filter(name -> name.matches("D\\d\\d_.*"))
            .map(name -> "D-" + name.substring(1, 3))
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> excused = firstCells("## Defects of the originals that cannot occur here");
    Set<String> all = new TreeSet<>(tested);
    all.addAll(excused);
    assertThat(tested).doesNotContainAnyElementsOf(excused);
    assertThat(all).hasSize(50);
  }

  /** The code in the first cell of each row of the table under a heading. */
  private static List<String> firstCells(String heading) throws IOException {
    String text = readme();
    int from = text.indexOf("\n" + heading + "\n");
    assertThat(from).as(heading).isPositive();
    int to = text.indexOf("\n## ", from + 2);
    String section = text.substring(from, to < 0 ? text.length() : to);
    return Pattern.compile("(?m)^\\| `([^`(]+)[^|]*`")
        .matcher(section)
        .results()
        .map((MatchResult row) -> row.group(1))
        .distinct()
        .toList();
  }
}
