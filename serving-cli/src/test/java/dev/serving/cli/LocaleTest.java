package dev.serving.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** This shows words of any script under the locale that many containers have, on this JDK. */
@EnabledOnOs(OS.LINUX)
final class LocaleTest {
  private static final String WORD = "né ж 你 🙂";

  /** Says what words it was given. */
  static final class Echo {
    private Echo() {}

    /** Prints each word on a line. */
    public static void main(String[] args) {
      Arguments.speakUtf8();
      for (String word : Arguments.of(args)) {
        System.out.println(word);
      }
    }
  }

  @Test
  void aPromptComesAndGoesAsItIs() throws Exception {
    assertThat(run("C", Echo.class, "--prompt", WORD).lines()).containsExactly("--prompt", WORD);
    assertThat(run("C.UTF-8", Echo.class, WORD).strip()).isEqualTo(WORD);
  }

  /**
   * A JVM cannot open such a file; the launcher sees to it, and who starts a JVM himself is told.
   */
  @Test
  void aPathThatTheJvmCannotSpellIsToldWhatHelps() throws Exception {
    String path = "/nowhere/modèle";
    assertThat(run("C", Main.class, "serve", "--model", path))
        .contains("set LC_ALL=C.UTF-8")
        .doesNotContain("\tat ");
    assertThat(run("C.UTF-8", Main.class, "serve", "--model", path))
        .contains("no model at", "modèle");
  }

  /** By a script, for it has these bytes whatever locale this JVM has. */
  private static String run(String locale, Class<?> main, String... words) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(Installation.SHORT_LIFE);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    line.addAll(List.of(words));
    String script = line.stream().map(word -> "'" + word + "'").collect(joining(" "));
    Path file = Files.createTempFile("locale", ".sh");
    Files.writeString(file, "LC_ALL=" + locale + "; export LC_ALL; exec " + script);
    Process process = new ProcessBuilder("sh", file.toString()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Files.delete(file);
    return said;
  }
}
