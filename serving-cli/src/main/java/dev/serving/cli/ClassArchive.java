package dev.serving.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A JVM's archive of the classes that a process loads: one that begins with it has not to read,
 * check and link them again, which is half of what a start takes.
 *
 * <p>The launcher makes the archives, one for each kind of process and each JDK, beside the jar.
 * Nothing depends on them: a JVM that finds no archive, a damaged one, or one of other classes
 * reads the classes from the jars, and says nothing.
 */
final class ClassArchive {
  /** Names the directory where children leave archives at their end, instead of using one. */
  private static final String NEW = "serving.archives.new";

  private ClassArchive() {}

  /**
   * Options for a JVM of this class path.
   *
   * @param process what its archive is called
   */
  static List<String> options(String process) {
    return options(process, System.getProperty("java.class.path"), System.getProperty(NEW));
  }

  static List<String> options(String process, String classPath, String fresh) {
    if (fresh != null) {
      return silent("-XX:ArchiveClassesAtExit=" + file(Path.of(fresh), process));
    }
    if (classPath.contains(File.pathSeparator)) {
      return List.of(); // started from classes: the JVM archives those of jars alone
    }
    Path archive = file(Path.of(classPath).resolveSibling("archives"), process);
    return Files.isReadable(archive) ? silent("-XX:SharedArchiveFile=" + archive) : List.of();
  }

  private static Path file(Path directory, String process) {
    String jdk = System.getProperty("java.runtime.version");
    return directory.resolve(process + "-" + jdk + ".jsa").toAbsolutePath();
  }

  private static List<String> silent(String option) {
    return List.of("-Xshare:auto", "-Xlog:cds*=off", option);
  }
}
