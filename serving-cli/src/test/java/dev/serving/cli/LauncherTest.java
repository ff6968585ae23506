package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code serving}, with a {@code java} that writes down how it was called. */
final class LauncherTest {
  @TempDir private Path directory;

  @BeforeEach
  void installs() throws IOException {
    Files.copy(ServingProcess.ROOT.resolve("serving"), directory.resolve("serving"));
    Files.createDirectories(directory.resolve("serving-cli/target"));
    Files.createFile(directory.resolve("serving-cli/target/serving.jar"));
    Path java = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        case $1 in
          -version) echo 'openjdk version "17.0.15"' >&2 ;;
          *) for argument; do echo "$argument"; done ;;
        esac
        """);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  /** Only JVMs that hold weights get the Vector API, and they are started by this one. */
  @Test
  void startsAJvmAsItIsAndHandsTheWordsOnAsTheyAre() throws IOException {
    assertThat(launch("generate", "--prompt", "two  words *"))
        .containsExactly(
            "-Dserving.home=" + directory.toRealPath(),
            "-jar",
            directory.toRealPath() + "/serving-cli/target/serving.jar",
            "generate",
            "--prompt",
            "two  words *");
  }

  private List<String> launch(String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", directory.resolve("serving").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    byte[] printed = builder.start().getInputStream().readAllBytes();
    return new String(printed, StandardCharsets.UTF_8).lines().toList();
  }
}
