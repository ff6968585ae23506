package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A viewer for each test and one Chromium for all; fails a test whose page complained. */
@ExtendWith(SharedBrowser.class)
class PageSetup {
  static Browser browser;

  Viewer viewer;
  Client client;

  @BeforeEach
  void start() {
    assumeThat(browser).as("a Chromium on the PATH").isNotNull();
    viewer = Viewer.start(ViewerConfig.defaults().withPort(0));
    client = new Client(viewer);
    browser.complaints().clear();
  }

  @AfterEach
  void close() {
    if (viewer == null) {
      return;
    }
    List<String> complaints = List.copyOf(browser.complaints());
    browser.open(URI.create("about:blank"));
    viewer.close();
    assertThat(complaints).as("what the page complained about").isEmpty();
  }

  static String text(String selector) {
    return browser.evaluate("document.querySelector('" + selector + "').textContent").asString();
  }

  static int count(String selector) {
    return browser.evaluate("document.querySelectorAll('" + selector + "').length").asInt();
  }

  static void click(String selector) {
    browser.evaluate("document.querySelector('" + selector + "').click()");
  }
}
