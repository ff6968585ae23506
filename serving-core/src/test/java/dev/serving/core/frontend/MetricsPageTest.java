package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of metrics says what a server says. */
class MetricsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| `(\\w+)` \\| (\\w+) \\| ([^|]*) \\| ([^|]*) \\| [^|]+ \\| [^|]+ \\|$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
  private static final Pattern SERIES = Pattern.compile("^(\\w+?)(?:_bucket|_sum|_count)?[{ ]");

  /** A family's type, labels and sentence. */
  private record Family(String type, Set<String> labels, String help) {}

  @Test
  void thePageHasEveryFamilyAndNoOther() throws Exception {
    try (Rig rig = new Rig()) {
      assertThat(page()).isEqualTo(scraped(rig.get("/metrics").body()));
    }
  }

  private static Map<String, Family> page() throws IOException {
    Map<String, Family> families = new TreeMap<>();
    Matcher rows = ROW.matcher(Files.readString(PAGE));
    while (rows.find()) {
      Set<String> labels = new TreeSet<>();
      if (!rows.group(3).equals("–")) {
        Collections.addAll(labels, rows.group(3).replace("`", "").split(", "));
      }
      families.put(rows.group(1), new Family(rows.group(2), labels, rows.group(4)));
    }
    return families;
  }

  private static Map<String, Family> scraped(String text) {
    Map<String, Family> families = new TreeMap<>();
    Map<String, String> helps = new TreeMap<>();
    for (String line : text.split("\n")) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        helps.put(words[2], words[3]);
      } else if (line.startsWith("# TYPE ")) {
        families.put(words[2], new Family(words[3], new TreeSet<>(), helps.get(words[2])));
      } else {
        labels(line, families);
      }
    }
    return families;
  }

  private static void labels(String line, Map<String, Family> families) {
    Matcher series = SERIES.matcher(line);
    assertThat(series.find()).isTrue();
    Set<String> known = families.get(series.group(1)).labels();
    Matcher labels = LABEL.matcher(line);
    while (labels.find()) {
      if (!labels.group(1).equals("le")) {
        known.add(labels.group(1));
      }
    }
  }
}
