package dev.serving.viewer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps what a page looked like beside the test's report, in light and in dark. */
final class Screenshots {
  private static final Path FOLDER = Path.of("target", "screenshots");

  private Screenshots() {}

  static void keep(Browser browser, String name) throws IOException {
    Files.createDirectories(FOLDER);
    for (String scheme : new String[] {"dark", "light"}) {
      browser.scheme(scheme);
      browser.await("document.getAnimations().length === 0");
      browser.screenshot(FOLDER.resolve(name + "-" + scheme + ".png"));
    }
  }
}
