package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** This shows when a server has a viewer inside. */
final class InnerViewerTest {
  private static final Map<String, String> TRACED = Map.of("--trace-enable", "true");
  private static final String NOBODY = "http://127.0.0.1:1";

  @Test
  void thereIsNoneWithoutTracing() {
    try (InnerViewer viewer = InnerViewer.of(Map.of(), null)) {
      assertThat(viewer.viewer()).isNull();
    }
    assertThatThrownBy(() -> InnerViewer.of(Map.of(), 0)).hasMessageContaining("--trace-enable");
  }

  @Test
  void thereIsNoneWhereAReceiverIsNamed() {
    Map<String, String> named = Map.of("--trace-enable", "true", TraceOptions.ENDPOINT, NOBODY);
    try (InnerViewer viewer = InnerViewer.of(named, null)) {
      assertThat(viewer.viewer()).isNull();
      assertThat(viewer.typed()).isEqualTo(named);
    }
  }

  /** Both have them: the one that is named, by its own account, and the viewer copies. */
  @Test
  void withAReceiverAndAPortItGetsCopies() {
    Map<String, String> named = Map.of("--trace-enable", "true", TraceOptions.ENDPOINT, NOBODY);
    try (InnerViewer viewer = InnerViewer.of(named, 0)) {
      assertThat(viewer.typed()).containsAllEntriesOf(named);
      assertThat(TraceOptions.config(viewer.typed()).copy().orElseThrow().endpoint())
          .isEqualTo(viewer.viewer().uri().toString());
    }
  }

  /** The usual address may be taken on this machine, for as long as somebody else likes. */
  @Test
  void itTakesTheUsualAddressIfNobodyListensThere() {
    try (InnerViewer viewer = InnerViewer.of(TRACED, null);
        InnerViewer second = InnerViewer.of(TRACED, null)) {
      if (viewer.viewer() != null) {
        assertThat(second.viewer()).as("somebody listens now").isNull();
        assertThat(viewer.typed()).containsEntry(TraceOptions.ENDPOINT, viewer.viewer().uri() + "");
      }
    }
  }

  @Test
  void aPortAsksForOne() throws Exception {
    int port = freePort();
    try (InnerViewer viewer = InnerViewer.of(TRACED, port)) {
      URI uri = URI.create("http://127.0.0.1:" + port + "/");
      assertThat(viewer.typed()).containsEntry(TraceOptions.ENDPOINT, uri.toString());
      try (InputStream page = uri.toURL().openStream()) {
        assertThat(page.readAllBytes()).isNotEmpty();
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
