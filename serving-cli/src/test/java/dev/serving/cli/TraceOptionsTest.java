package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.TracingConfig;
import io.opentelemetry.api.common.AttributeKey;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What typed options make of tracing. */
final class TraceOptionsTest {
  private static TracingConfig config(String... arguments) {
    TraceOptions options = new TraceOptions();
    new CommandLine(options).parseArgs(arguments);
    return TraceOptions.config(options.typed());
  }

  @Test
  void nothingIsForcedUnlessTheOperatorAllowsIt() {
    assertThat(config().forcing()).isFalse();
    assertThat(config("--allow-forced-traces").forcing()).isTrue();
  }

  @Test
  void whatIsSaidIsNotCapturedAndNeverWithItsSecrets() {
    TracingConfig config = TraceOptions.config(Map.of("--trace-enable", "true"));
    assertThat(config.enabled()).isTrue();
    assertThat(config.content().captured()).isFalse();
    assertThat(config.content().redaction().apply("mail ann@example.org, Bearer abcdefghijkl"))
        .doesNotContain("ann@", "abcdefghijkl");
  }

  @Test
  void spansSayWhichVersionMadeThem() {
    assertThat(config().service().attributes().asMap())
        .containsEntry(AttributeKey.stringKey("service.version"), Version.text());
  }
}
