package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that leaves out what spans travel by is told so at the start, in one line. */
class MissingClientTest {
  @ParameterizedTest
  @ValueSource(strings = {"opentelemetry-exporter-sender-okhttp", "opentelemetry-exporter-otlp"})
  void itSaysWhatToAdd(String leftOut) throws Exception {
    try (URLClassLoader without = without(leftOut)) {
      Class<?> tracing = without.loadClass("dev.serving.trace.Tracing");
      Class<?> config = without.loadClass("dev.serving.trace.TracingConfig");
      Object on =
          config
              .getMethod("fromEnvironment", Map.class)
              .invoke(null, Map.of("TRACES_ENABLE", "true"));
      Throwable thrown = null;
      try {
        tracing.getMethod("start", config).invoke(null, on);
      } catch (ReflectiveOperationException e) {
        thrown = e.getCause();
      }
      assertThat(thrown).isNotNull();
      assertThat(thrown.getClass().getSimpleName()).isEqualTo("TracingConfigException");
      assertThat(thrown).hasMessageContaining(leftOut).hasMessageNotContaining("\n");
    }
  }

  private static URLClassLoader without(String artifact) {
    URL[] path =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains(artifact + "-") && !entry.contains(artifact + "/"))
            .map(entry -> url(Path.of(entry).toUri()))
            .toArray(URL[]::new);
    return new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
  }

  private static URL url(URI uri) {
    try {
      return uri.toURL();
    } catch (java.net.MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
