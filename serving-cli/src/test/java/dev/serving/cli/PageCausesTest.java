package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.blame.Cause;
import dev.serving.viewer.Viewer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** This shows that the viewer's page knows the causes that the server has, in their order. */
final class PageCausesTest {
  private static final Pattern CAUSES = Pattern.compile("const CAUSES = \\[([^\\]]*)\\]");
  private static final Pattern QUOTED = Pattern.compile("'([\\w.]+)'");

  @Test
  void theCausesOfThePageAreTheServers() throws Exception {
    String page;
    try (InputStream in = Viewer.class.getResourceAsStream("page/causes.js")) {
      page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Matcher list = CAUSES.matcher(page);

    assertThat(list.find()).isTrue();
    assertThat(QUOTED.matcher(list.group(1)).results().map(found -> found.group(1)))
        .containsExactlyElementsOf(Stream.of(Cause.values()).map(Cause::label).toList());
  }
}
