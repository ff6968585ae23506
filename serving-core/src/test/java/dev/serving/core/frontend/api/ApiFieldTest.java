package dev.serving.core.frontend.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.frontend.api.ApiField.Treatment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/api.md says what the parser does: its table is written from the parser's own. */
class ApiFieldTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "api.md");

  /** A field, asked of one endpoint. */
  record Asked(ApiField field, Endpoint endpoint) {}

  static Stream<Asked> fields() {
    return ApiField.ALL.stream()
        .flatMap(
            field ->
                Stream.of(Endpoint.values())
                    .filter(field.where()::includes)
                    .map(endpoint -> new Asked(field, endpoint)));
  }

  private static void parse(Endpoint endpoint, Map<String, Object> more) {
    Map<String, Object> body = new TreeMap<>();
    if (endpoint == Endpoint.CHAT) {
      body.put("messages", List.of(Map.of("role", "user", "content", "a")));
    } else {
      body.put("prompt", "a");
    }
    body.putAll(more);
    RequestParser.parse(endpoint, Json.text(body).getBytes(StandardCharsets.UTF_8), "m");
  }

  /** No field takes an array of a nested array: what is read is refused, what is ignored is not. */
  @ParameterizedTest
  @MethodSource("fields")
  void eachFieldIsTreatedAsItsRowSays(Asked asked) {
    Map<String, Object> odd = Map.of(asked.field().name(), List.of(List.of(List.of())));
    if (asked.field().treatment() == Treatment.IGNORED) {
      parse(asked.endpoint(), odd);
      return;
    }
    int status = asked.field().treatment() == Treatment.REFUSED ? 422 : 400;
    assertThatThrownBy(() -> parse(asked.endpoint(), odd))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.error().status()).as(e.getMessage()).isEqualTo(status);
              assertThat(e.error().param()).startsWith(asked.field().name());
            });
  }

  @ParameterizedTest
  @MethodSource("fields")
  void nullAsksForNothing(Asked asked) {
    if (!List.of("messages", "prompt").contains(asked.field().name())) {
      Map<String, Object> nothing = new TreeMap<>();
      nothing.put(asked.field().name(), null);
      parse(asked.endpoint(), nothing);
    }
  }

  @Test
  void theDocumentHasTheTable() throws IOException {
    String table =
        ApiField.ALL.stream()
            .map(
                f ->
                    "| `%s` | %s | %s | %s |"
                        .formatted(
                            f.name(),
                            endpoints(f),
                            f.treatment().name().toLowerCase(Locale.ROOT),
                            // what is quoted in an error is code on a page
                            f.why().replaceAll("'([A-Za-z_/.-]+)'", "`$1`")))
            .collect(Collectors.joining("\n"));
    Path written = Path.of("target", "api-fields.md");
    Files.writeString(written, table + "\n");
    assertThat(Files.readString(DOCUMENT))
        .as("replace the table of fields in docs/api.md by the one in %s", written)
        .contains(table);
  }

  private static String endpoints(ApiField field) {
    return switch (field.where()) {
      case BOTH -> "both";
      case CHAT -> "chat";
      case COMPLETION -> "completions";
    };
  }
}
