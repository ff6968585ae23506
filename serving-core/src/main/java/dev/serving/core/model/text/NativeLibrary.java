package dev.serving.core.model.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Prepares the process for DJL's tokenizers, which unpack a shared library before first use.
 *
 * <p>Left alone, DJL falls back to a directory in the shared temporary folder, where another local
 * user could plant a library, and it reports its use to its makers. Both are switched off here by
 * the system properties that it reads; a value that the operator has set stays.
 */
final class NativeLibrary {
  private static final String CACHE = "ENGINE_CACHE_DIR";

  private NativeLibrary() {}

  static synchronized void prepare() {
    setIfAbsent("OPT_OUT_TRACKING", "true");
    setIfAbsent("ai.djl.offline", "true");
    if (System.getProperty(CACHE) == null) {
      System.setProperty(CACHE, unpackDirectory().toString());
    }
  }

  private static void setIfAbsent(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  private static Path unpackDirectory() {
    Path lasting = Path.of(System.getProperty("user.home"), ".cache", "serving", "native");
    try {
      Files.createDirectories(lasting);
      if (Files.isWritable(lasting) && !Files.isSymbolicLink(lasting)) {
        return lasting;
      }
    } catch (IOException | SecurityException e) {
      // A read-only home is common in containers: one unpacking per process then.
    }
    return temporary();
  }

  private static Path temporary() {
    try {
      Path dir = Files.createTempDirectory("serving-native");
      if (Files.getFileStore(dir).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
      }
      dir.toFile().deleteOnExit();
      return dir;
    } catch (IOException e) {
      throw new TokenizerException(
          "no writable directory to unpack the tokenizer library into; set -D"
              + CACHE
              + "=DIR or -Djava.io.tmpdir=DIR",
          e);
    }
  }
}
