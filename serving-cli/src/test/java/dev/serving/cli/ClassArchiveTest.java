package dev.serving.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassArchiveTest {
  private static final String FILE =
      "engine-" + System.getProperty("java.runtime.version") + ".jsa";

  @TempDir private Path directory;

  @Test
  void isUsedWhereThisJdkHasOneBesideTheJar() throws IOException {
    String jar = directory.resolve("serving.jar").toString();
    assertThat(ClassArchive.options("engine", jar, null)).isEmpty();

    Path archives = Files.createDirectory(directory.resolve("archives"));
    Files.createFile(archives.resolve(FILE));
    assertThat(ClassArchive.options("engine", jar, null))
        .contains("-XX:SharedArchiveFile=" + archives.resolve(FILE), "-Xshare:auto");
    assertThat(ClassArchive.options("engine", jar + File.pathSeparator + "classes", null))
        .isEmpty();
  }

  @Test
  void isMadeWhereTheLauncherSays() {
    assertThat(ClassArchive.options("engine", "serving.jar", directory.toString()))
        .contains("-XX:ArchiveClassesAtExit=" + directory.resolve(FILE));
  }

  /** What {@link ClassArchive} is for must not be worse than none when the file is damaged. */
  @Test
  void isNotMissedBySomebodyWhoseFileIsDamaged() throws Exception {
    Path archive = Files.writeString(directory.resolve("damaged.jsa"), "no archive");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-Xlog:cds*=off",
                "-XX:SharedArchiveFile=" + archive,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--version")
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(printed).startsWith("serving ").hasLineCount(2);
  }
}
