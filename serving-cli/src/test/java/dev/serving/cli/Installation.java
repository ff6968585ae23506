package dev.serving.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The command as users have it: one jar that names those it needs, and the archives of classes that
 * {@code serving} makes beside it. Made once for all tests of a build, of what their class path
 * holds: a server and its engine begin from archives in half of the processor's time.
 */
final class Installation {
  private static final Path PLACE = Path.of("target", "installation").toAbsolutePath();
  private static final Path JAR = PLACE.resolve("serving.jar");
  private static final Path STAMP = PLACE.resolve("made-of");
  private static final String RUNTIME = System.getProperty("java.runtime.version");
  private static final Path ARCHIVE = PLACE.resolve("archives/serve-" + RUNTIME + ".jsa");

  /** For a JVM that ends before the second compiler's work would be of use; engines have theirs. */
  static final List<String> SHORT_LIFE = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static boolean made;

  private Installation() {}

  /**
   * The beginning of a command line, up to the command's first word.
   *
   * @param options for its JVM
   */
  static List<String> command(String... options) {
    make();
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(SHORT_LIFE);
    if (Files.exists(ARCHIVE)) {
      line.addAll(List.of("-Xshare:auto", "-Xlog:cds*=off", "-XX:SharedArchiveFile=" + ARCHIVE));
    }
    line.addAll(List.of(options));
    line.addAll(List.of("-Dserving.home=" + ServingProcess.ROOT, "-jar", JAR.toString()));
    return line;
  }

  /** Classes are tested in several JVMs at a time; the first that comes makes it for all. */
  private static synchronized void make() {
    if (made) {
      return;
    }
    try {
      Files.createDirectories(PLACE);
      try (FileChannel channel =
              FileChannel.open(
                  PLACE.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        String parts = parts();
        if (lock.isValid() && !(Files.exists(STAMP) && Files.readString(STAMP).equals(parts))) {
          Files.deleteIfExists(STAMP);
          pack();
          archive();
          Files.writeString(STAMP, parts);
        }
      }
      made = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the tests' class path holds, but for the tests. */
  private static List<Path> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(entry -> Files.exists(entry) && !entry.endsWith("test-classes"))
        .toList();
  }

  private static String parts() throws IOException {
    StringBuilder parts = new StringBuilder(RUNTIME);
    for (Path entry : classPath()) {
      try (Stream<Path> files = Files.walk(entry)) {
        long newest = files.mapToLong(file -> file.toFile().lastModified()).max().orElseThrow();
        parts.append('\n').append(entry).append(' ').append(newest);
      }
    }
    return parts.toString();
  }

  /** A virtual machine archives classes of jars alone, named by a manifest beside it. */
  private static void pack() throws IOException {
    Path lib = Files.createDirectories(PLACE.resolve("lib"));
    List<String> names = new ArrayList<>();
    for (Path entry : classPath()) {
      String name = names.size() + "-" + entry.getFileName() + (isJar(entry) ? "" : ".jar");
      Path jar = lib.resolve(name);
      Files.deleteIfExists(jar);
      if (isJar(entry)) {
        Files.copy(entry, jar);
      } else {
        write(jar, new Manifest(), entry);
      }
      names.add("lib/" + name);
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", names));
    write(JAR, manifest, null);
  }

  private static boolean isJar(Path entry) {
    return Files.isRegularFile(entry);
  }

  private static void write(Path jar, Manifest manifest, Path classes) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out, manifest)) {
      if (classes == null) {
        return;
      }
      try (Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
          if (!name.equals("META-INF/MANIFEST.MF")) {
            entries.putNextEntry(new ZipEntry(name));
            Files.copy(file, entries);
          }
        }
      }
    }
  }

  /** As the script {@code serving} does. A JVM that cannot make one does without, as there. */
  private static void archive() throws IOException {
    Path archives = ARCHIVE.getParent();
    if (Files.exists(archives)) {
      try (Stream<Path> old = Files.walk(archives)) {
        old.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
    Files.createDirectories(archives);
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xlog:cds*=off", "-XX:ArchiveClassesAtExit=" + ARCHIVE));
    line.addAll(List.of("-Dserving.home=" + ServingProcess.ROOT));
    line.addAll(List.of("-Dserving.archives.new=" + archives, "-jar", JAR.toString()));
    line.add(ArchiveCommand.COMMAND);
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Xbatch " + String.join(" ", SHORT_LIFE));
    Process process = builder.start();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
