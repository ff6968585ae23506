package dev.serving.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * This shows the distribution where it is harshest: unpacked into a directory whose name has a
 * space, which nobody may write, run from another directory by a Java that is no JDK.
 */
final class DistributionTest {
  /** What a JRE has of what we ask for; no compiler, no tools. */
  private static final String MODULES =
      "java.se,jdk.crypto.ec,jdk.incubator.vector,jdk.management,jdk.unsupported,jdk.zipfs";

  @TempDir private static Path directory;
  private static Path home;
  private static Path elsewhere;
  private static List<String> before;

  @BeforeAll
  static void unpacks() throws Exception {
    Path place = Files.createDirectories(directory.resolve("read only"));
    elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    String archive = System.getProperty("serving.archive");
    assertThat(run(List.of("tar", "xzf", archive, "-C", place.toString()))).isEmpty();
    try (Stream<Path> unpacked = Files.list(place)) {
      home = unpacked.findFirst().orElseThrow();
    }
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    String jre = directory.resolve("jre").toString();
    run(List.of(jlink.toString(), "--output", jre, "--add-modules", MODULES));
    run(List.of("chmod", "-R", "a-w", place.toString()));
    before = files();
  }

  /** Root may write anything, so what is asked is whether anything was written. */
  @AfterAll
  static void leftAsItWas() throws Exception {
    assertThat(files()).isEqualTo(before);
    run(List.of("chmod", "-R", "u+w", directory.toString()));
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      return files.map(file -> file + " " + file.toFile().lastModified()).sorted().toList();
    }
  }

  @Test
  void saysItsVersion() throws Exception {
    assertThat(serving("version")).startsWith("serving 0.").contains("Java ");
  }

  @Test
  void itsModelAnswers() throws Exception {
    String said = serving("generate", "--prompt", "What is a slice?", "--max-tokens", "8");
    assertThat(said).doesNotContain("serving: ").contains("tokens");
  }

  @Test
  void serves() throws Exception {
    Process server = process(command("serve", "--port", "0", "--threads", "1")).start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null && !line.startsWith("Serving serving-demo at ")) {
        line = lines.readLine();
      }
      assertThat(line).as("the server was ready").isNotNull();
      String url = line.substring(line.indexOf("http"));
      String[] load = {"bench", "--base-url", url, "--num-prompts", "2", "--output-len", "4"};
      assertThat(serving(load)).contains("Successful requests                             2");
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  @Test
  void hasAManPageForEachCommand() throws Exception {
    assertThat(home.resolve("share/man/man1")).isDirectoryContaining("glob:**/serving-bench.1");
    assertThat(Files.readString(home.resolve("share/man/man1/serving-serve.1")))
        .contains(".SH \"OPTIONS\"", "otlp\\-traces\\-endpoint");
    assertThat(home.resolve("LICENSE")).exists();
    assertThat(home.resolve("NOTICE")).exists();
  }

  private static String serving(String... arguments) throws Exception {
    return run(command(arguments));
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/serving").toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String run(List<String> command) throws Exception {
    Process process = process(command).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static ProcessBuilder process(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(elsewhere.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", directory.resolve("jre").toString());
    return builder;
  }
}
