package dev.serving.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Text on the command line and on the terminal under a locale that knows only ASCII, such as {@code
 * LC_ALL=C} of many containers. A JVM has lost all other characters by then, but the kernel has
 * not; what it hands over is UTF-8 on any system of today.
 */
final class Arguments {
  private static final String LOST = "\uFFFD";

  private Arguments() {}

  /** The arguments as they were given. */
  static String[] of(String[] heard) {
    if (!ascii() || Arrays.stream(heard).noneMatch(word -> word.contains(LOST))) {
      return heard;
    }
    try {
      String line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
      String[] words = line.split("\0", -1); // the last word ends by a zero, too
      int from = words.length - 1 - heard.length;
      return from < 0 ? heard : Arrays.copyOfRange(words, from, from + heard.length);
    } catch (IOException e) {
      return heard; // not Linux, or not text
    }
  }

  /** Lets standard output say what it is given. */
  static void speakUtf8() {
    if (ascii()) {
      System.setOut(
          new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    }
  }

  /** Whether names of files are ASCII to this JVM, so that it cannot open others. */
  static boolean ascii() {
    String names = System.getProperty("sun.jnu.encoding", "UTF-8");
    return Charset.isSupported(names) && Charset.forName(names).equals(StandardCharsets.US_ASCII);
  }
}
