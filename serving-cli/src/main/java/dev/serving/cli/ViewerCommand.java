package dev.serving.cli;

import dev.serving.viewer.Viewer;
import dev.serving.viewer.ViewerConfig;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Receives traces and shows them, with nothing else installed. */
@Command(
    name = "viewer",
    mixinStandardHelpOptions = true,
    description = "Receive traces by OTLP and show them on a page. Keeps them in memory.")
final class ViewerCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "4318",
      description = "Port for OTLP and the page; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Override
  public Integer call() throws InterruptedException {
    try (Shutdown shutdown = Shutdown.install(PATIENCE);
        Viewer viewer = Viewer.start(ViewerConfig.defaults().withHost(host).withPort(port))) {
      System.out.println("Viewer: " + viewer.uri());
      System.out.println("Send traces with --otlp-traces-endpoint " + viewer.uri());
      shutdown.awaitSignal();
    }
    return 0;
  }
}
