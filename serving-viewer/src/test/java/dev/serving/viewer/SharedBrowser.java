package dev.serving.viewer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One Chromium for all tests of pages: it takes longer to start than most of them. */
final class SharedBrowser implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    Optional<Path> chromium = Browser.find();
    if (chromium.isPresent()) {
      PageSetup.browser =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.GLOBAL)
              .getOrComputeIfAbsent("browser", key -> start(chromium.get()), Browser.class);
      PageSetup.browser.size(1400, 900);
    }
  }

  private static Browser start(Path chromium) {
    try {
      return Browser.start(chromium);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
