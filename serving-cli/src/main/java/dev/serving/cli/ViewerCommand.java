package dev.serving.cli;

import dev.serving.core.config.TlsConfig;
import dev.serving.core.frontend.http.TlsFiles;
import dev.serving.viewer.Viewer;
import dev.serving.viewer.ViewerConfig;
import dev.serving.viewer.ViewerTls;
import dev.serving.viewer.store.StoreConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Receives traces and shows them, with nothing else installed. */
@Command(
    name = "viewer",
    aliases = "view",
    mixinStandardHelpOptions = true,
    defaultValueProvider = Settings.class,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.ENDED, Exits.NOT_STARTED, Exits.WRONG, Exits.DIED},
    sortOptions = false,
    abbreviateSynopsis = true,
    description = "Receive traces by OTLP and show them on a page.",
    footer = {
      "",
      "Each option is also a variable, SERVING_VIEW_MAX_SPANS for --max-spans,",
      "and a line of the file, max-spans: 500000. A flag goes before a variable,",
      "that before the file."
    })
final class ViewerCommand implements Callable<Integer> {
  private static final String TOKEN = "--token-file";
  private static final String STORE = "--store";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host = ViewerConfig.defaults().host();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port for OTLP and the page; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port = ViewerConfig.defaults().port();

  @Option(
      names = TOKEN,
      paramLabel = "FILE",
      description =
          "Holds the token that senders and readers must give. Beyond loopback there is always one:"
              + " without a file one is made and printed at the start.")
  private Path tokenFile;

  @Mixin private TlsOptions tls;

  @Option(
      names = "--max-spans",
      paramLabel = "N",
      description = "Spans kept at most; then the oldest traces go (default: ${DEFAULT-VALUE}).")
  private int maxSpans = StoreConfig.DEFAULT.maxSpans();

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description =
          "Bytes that kept spans may take at most, such as 512m or 2g; then the oldest traces go"
              + " (default: ${DEFAULT-VALUE}). The heap must have room for it.")
  private long maxBytes = StoreConfig.DEFAULT.maxBytes();

  @Option(
      names = STORE,
      paramLabel = "DIR",
      description =
          "Directory where traces are kept for the next start too; it grows to about --max-bytes."
              + " A crash loses at most the last second.")
  private Path store;

  @Option(
      names = "--max-days",
      paramLabel = "N",
      description = "Days for which a trace is kept at most (default: ${DEFAULT-VALUE}).")
  private int maxDays = (int) StoreConfig.DEFAULT.maxAge().toDays();

  @Mixin
  @SuppressWarnings("unused") // Settings asks for it
  private ConfigFile config;

  @Override
  public Integer call() throws InterruptedException {
    ViewerConfig asked = asked();
    try (Shutdown shutdown = Shutdown.install(PATIENCE);
        Viewer viewer = start(asked)) {
      viewer.addresses().forEach(address -> System.out.println("Viewer: " + address));
      sayHowToSend(asked, viewer.uri());
      shutdown.awaitSignal();
    }
    return 0;
  }

  private ViewerConfig asked() {
    return ViewerConfig.defaults()
        .withHost(host)
        .withPort(port)
        .withToken(token())
        .withTls(tls.config().map(ViewerCommand::open))
        .withStore(storeConfig());
  }

  private StoreConfig storeConfig() {
    StoreConfig inMemory = new StoreConfig(maxSpans, maxBytes).withMaxAge(Duration.ofDays(maxDays));
    return store == null ? inMemory : inMemory.in(store);
  }

  /** A directory that cannot be one is wrong use; that another viewer has it is not. */
  private static Viewer start(ViewerConfig asked) {
    try {
      return Viewer.start(asked, LastWords::end);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof FileSystemException) {
        throw new UsageException(STORE, STORE + ": " + e.getMessage(), e.getCause());
      }
      throw e;
    }
  }

  private static ViewerTls open(TlsConfig files) {
    try {
      TlsFiles.Identity identity = TlsFiles.read(files);
      return new ViewerTls(identity.chain(), identity.key());
    } catch (IOException e) {
      throw new IllegalArgumentException("--ssl-certfile or --ssl-keyfile cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--ssl-certfile and --ssl-keyfile cannot be used: " + e.getMessage(), e);
    }
  }

  private String token() {
    if (tokenFile == null) {
      return Viewer.isLoopback(host) ? "" : Viewer.randomToken();
    }
    try {
      String token = Files.readString(tokenFile).strip();
      if (token.isEmpty()) {
        throw new UsageException(TOKEN, TOKEN + " " + tokenFile + " holds no token");
      }
      return token;
    } catch (IOException e) {
      throw new UsageException(TOKEN, TOKEN + " " + tokenFile + " cannot be read", e);
    }
  }

  private void sayHowToSend(ViewerConfig asked, URI uri) {
    System.out.println("Send traces with --otlp-traces-endpoint " + uri);
    if (asked.token().isEmpty()) {
      return;
    }
    if (!Viewer.isLoopback(host)) {
      System.err.println(
          "serving: other machines reach this viewer: who has the token reads every trace"
              + (asked.tls().isPresent()
                  ? ""
                  : ", and without TLS (--ssl-certfile) whoever listens on the way reads it too"));
    }
    String token = tokenFile == null ? asked.token() : "(what is in " + tokenFile + ")";
    System.out.println("Token: " + token);
    System.out.println("  for senders: OTEL_EXPORTER_OTLP_HEADERS=\"authorization=Bearer TOKEN\"");
    System.out.println("  for a browser: the password that it asks for, with any name");
  }
}
