package dev.serving.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names that operators search for stand in the guide. */
class TraceNamesTest {
  private static final Path GUIDE = Path.of("..", "docs", "tracing.md");

  @Test
  void theGuideListsEveryName() throws Exception {
    List<String> names = names();
    assertThat(names).contains("queue.length", "batch.size").doesNotHaveDuplicates();
    assertThat(guide()).contains(names.stream().map(name -> "`" + name + "`").toList());
  }

  @Test
  void lanesOfFurtherRanksAreToldApart() throws IOException {
    assertThat(TraceNames.lane("worker", 0, 0)).isEqualTo("worker");
    assertThat(TraceNames.lane("worker", 1, 0)).isEqualTo("worker tp1");
    assertThat(TraceNames.lane("worker", 1, 2)).isEqualTo("worker dp2 tp1");
    assertThat(guide()).contains("`worker tp1`", "`scheduler dp1`");
  }

  private static String guide() throws IOException {
    return Files.readString(GUIDE);
  }

  private static List<String> names() throws IllegalAccessException {
    List<String> names = new ArrayList<>();
    for (Field field : TraceNames.class.getFields()) {
      if (field.get(null) instanceof AttributeKey<?> key) {
        names.add(key.getKey());
      }
    }
    return names;
  }
}
