package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.viewer.chart.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** This shows that the page calls things by the names that the server has for them. */
class PageWordsTest {
  private static final Pattern STAGES = Pattern.compile("const STAGES = \\[([^\\]]*)\\]");
  private static final Pattern QUOTED = Pattern.compile("'(\\w+)'");

  @Test
  void theStagesToFilterByAreThose() throws IOException {
    Matcher list = STAGES.matcher(file("filters.js"));
    assertThat(list.find()).isTrue();
    assertThat(QUOTED.matcher(list.group(1)).results().map(found -> found.group(1)))
        .containsExactlyElementsOf(Stream.of(Stage.values()).map(Stage::name).toList());
  }

  private static String file(String name) throws IOException {
    try (InputStream in = Viewer.class.getResourceAsStream("page/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
