package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.model.kernel.KernelJvm;
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
          --list-modules) echo jdk.incubator.vector@17.0.15 ;;
          *) for argument; do echo "$argument"; done ;;
        esac
        """);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void generateRunsInAJvmThatIsFitForWeights() throws IOException {
    List<String> line = launch("", "generate", "--prompt", "two  words *");

    assertThat(String.join(" ", line).replace("modules=", "modules "))
        .contains(KernelJvm.options());
    assertThat(line).endsWith("generate", "--prompt", "two  words *");
  }

  @Test
  void aCollectorThatTheEnvironmentChoosesIsKept() throws IOException {
    assertThat(launch("-XX:+UseZGC", "generate")).noneMatch(option -> option.contains("SerialGC"));
  }

  @Test
  void aFrontendRunsInAJvmAsItIs() throws IOException {
    assertThat(launch("", "serve")).noneMatch(option -> option.startsWith("-XX:"));
  }

  private List<String> launch(String toolOptions, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", directory.resolve("serving").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    builder.environment().put("JAVA_TOOL_OPTIONS", toolOptions);
    byte[] printed = builder.start().getInputStream().readAllBytes();
    return new String(printed, StandardCharsets.UTF_8).lines().toList();
  }
}
