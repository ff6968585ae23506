package dev.serving.cli;

import dev.serving.trace.TracingConfig;
import dev.serving.trace.config.TraceExporterKind;
import dev.serving.viewer.Viewer;
import dev.serving.viewer.ViewerConfig;
import dev.serving.viewer.store.StoreConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The viewer inside a server, which takes its spans where nothing else does.
 *
 * @param viewer the viewer; null where there is none
 * @param typed the tracing options with which the server then starts
 */
record InnerViewer(Viewer viewer, Map<String, String> typed) implements AutoCloseable {
  private static final int CONNECT_MILLIS = 500;

  /** Beside a server that needs its heap for others. */
  private static final StoreConfig SMALL = new StoreConfig(200_000, 64L << 20);

  /**
   * Starts one if a server traces, no receiver is named, and nobody listens at the usual address,
   * or if its port is named. Where spans go elsewhere, it gets copies.
   *
   * @param typed the tracing options as typed
   * @param port the viewer's port, 0 for a free one; null if none is named
   * @throws IllegalArgumentException when the port is named and has no use
   */
  static InnerViewer of(Map<String, String> typed, Integer port) {
    TracingConfig config = TraceOptions.config(typed);
    if (port != null) {
      check(config, port);
    }
    boolean wanted = port != null || isNeeded(config);
    if (!wanted) {
      return new InnerViewer(null, typed);
    }
    Viewer viewer =
        Viewer.start(
            ViewerConfig.defaults()
                .withPort(port == null ? ViewerConfig.defaults().port() : port)
                .withStore(SMALL),
            LastWords::end);
    Map<String, String> traced = new LinkedHashMap<>(typed);
    traced.put(
        goesElsewhere(config) ? TraceOptions.COPY : TraceOptions.ENDPOINT, viewer.uri().toString());
    return new InnerViewer(viewer, traced);
  }

  private static void check(TracingConfig config, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("--viewer-port must be 0 to 65535, was " + port);
    }
    if (!config.active()) {
      throw new IllegalArgumentException(
          "--viewer-port shows traces, but none are made: "
              + (config.enabled() ? "the exporter is none" : "add --trace-enable"));
    }
  }

  private static boolean goesElsewhere(TracingConfig config) {
    return config.exporter() != TraceExporterKind.OTLP || !config.otlp().endpoint().isEmpty();
  }

  private static boolean isNeeded(TracingConfig config) {
    return config.active() && !goesElsewhere(config) && !listens(config.otlp().uri());
  }

  private static boolean listens(URI uri) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Tells where traces are seen, if they are seen here. */
  void announce() {
    if (viewer != null) {
      System.out.println("Traces at " + viewer.uri());
    }
  }

  @Override
  public void close() {
    if (viewer != null) {
      viewer.close();
    }
  }
}
