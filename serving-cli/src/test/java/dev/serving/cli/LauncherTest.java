package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
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
        for argument; do
          case $argument in
            -XX:ArchiveClassesAtExit=*) echo "$JAVA_TOOL_OPTIONS" >"${argument#*=}" && exit ;;
          esac
        done
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

  /** A JDK says in a file of its own what it is, and its archive has that in its name. */
  @Test
  void beginsWithTheArchiveThatItsJdkMadeOnce() throws IOException {
    Path release = directory.resolve("jdk/release");
    Files.writeString(release, "JAVA_VERSION=\"17.0.15\"\nJAVA_RUNTIME_VERSION=\"17.0.15+6\"\n");
    Path jar = directory.resolve("serving-cli/target/serving.jar");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));
    Path archives = directory.toRealPath().resolve("serving-cli/target/archives");
    String option = "-XX:SharedArchiveFile=" + archives.resolve("serve-17.0.15+6.jsa");

    assertThat(launch("generate")).doesNotContain(option);
    assertThat(launch("serve")).contains(option, "-Xshare:auto").endsWith("serve");
    assertThat(launch("generate")).contains(option);
    assertThat(archives).isDirectoryContaining(file -> file.endsWith("serve-17.0.15+6.jsa"));
    assertThat(archives.toFile().list()).hasSize(1);
    assertThat(archives.resolve("serve-17.0.15+6.jsa"))
        .as("a method that waits for a compiler would be archived so, and wait for good")
        .content()
        .contains("-Xbatch");
  }

  /** An empty archive says that this JDK cannot make one. */
  @Test
  void doesWithoutAnArchiveWhereNoneCanBeMade() throws IOException {
    Files.writeString(directory.resolve("jdk/release"), "JAVA_RUNTIME_VERSION=\"17.0.15+6\"\n");
    Path java = directory.resolve("jdk/bin/java");
    Files.writeString(
        java, Files.readString(java).replace("echo \"$JAVA_TOOL_OPTIONS\" >", "false "));

    assertThat(launch("serve")).first().asString().startsWith("-Dserving.home=");
    assertThat(directory.resolve("serving-cli/target/archives/serve-17.0.15+6.jsa")).isEmptyFile();
    assertThat(launch("serve")).first().asString().startsWith("-Dserving.home=");
  }

  /** Nor when the machine was too busy for it, which passes. */
  @Test
  void triesAgainAnHourAfterNoneCouldBeMade() throws IOException {
    Files.writeString(directory.resolve("jdk/release"), "JAVA_RUNTIME_VERSION=\"17.0.15+6\"\n");
    Path jar = directory.resolve("serving-cli/target/serving.jar");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minus(Duration.ofHours(3))));
    Path archives = Files.createDirectory(jar.resolveSibling("archives"));
    Path archive = Files.createFile(archives.resolve("serve-17.0.15+6.jsa"));

    assertThat(launch("serve")).first().asString().startsWith("-Dserving.home=");
    Files.setLastModifiedTime(archive, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    assertThat(launch("serve")).contains("-XX:SharedArchiveFile=" + archive.toRealPath());
  }

  /** Where Java itself could only say that it cannot link its verifier. */
  @Test
  void saysWhenFilesAreTooFewForJava() throws IOException {
    ProcessBuilder few =
        new ProcessBuilder("sh", "-c", "ulimit -n 64; exec sh \"$0\" serve", script())
            .redirectErrorStream(true);

    assertThat(printed(few))
        .containsExactly(
            "serving: the limit of open files is 64, and Java with the libraries needs 128:"
                + " raise it (ulimit -n)");
  }

  private List<String> launch(String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", script());
    builder.command().addAll(List.of(arguments));
    return printed(builder);
  }

  private String script() {
    return directory.resolve("serving").toString();
  }

  private List<String> printed(ProcessBuilder builder) throws IOException {
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    byte[] printed = builder.start().getInputStream().readAllBytes();
    return new String(printed, StandardCharsets.UTF_8).lines().toList();
  }
}
