package dev.serving.cli;

import dev.serving.cli.HelpGroup.Topic;
import dev.serving.trace.TracingConfig;
import dev.serving.trace.config.Redaction;
import dev.serving.trace.config.ServiceConfig;
import io.opentelemetry.api.common.AttributeKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is traced and where it goes. Each option wins over its environment variables. */
@HelpGroup(Topic.TRACING)
final class TraceOptions {
  /** The option that names a receiver. */
  static final String ENDPOINT = "--otlp-traces-endpoint";

  /** Who gets copies of spans that go elsewhere; for children, nobody types it. */
  static final String COPY = "copy";

  private static final AttributeKey<String> VERSION = AttributeKey.stringKey("service.version");

  @Option(
      names = "--trace-enable",
      negatable = true,
      fallbackValue = "true",
      description =
          "Trace requests (also by TRACES_ENABLE=true). Without an endpoint, traces go to"
              + " http://localhost:4318, and to a viewer inside if nobody listens there.")
  private Boolean enable;

  @Option(
      names = "--viewer-port",
      paramLabel = "PORT",
      description =
          "Port of a viewer inside, 0 for a free one. If an endpoint is named, traces go to both."
              + " Without it there is a viewer at 4318 if no endpoint is named and nobody listens"
              + " there.")
  private Integer viewerPort;

  @Option(
      names = ENDPOINT,
      paramLabel = "URL",
      description =
          "Where to send traces by OTLP: http://host:4317 is gRPC, http://host:4318 is HTTP (also"
              + " by OTEL_EXPORTER_OTLP_TRACES_ENDPOINT).")
  private String endpoint;

  @Option(
      names = "--trace-level",
      paramLabel = "0-3",
      description =
          "1: the stages on rank 0. 2 (default): every rank's, and hand-overs. 3: also steps,"
              + " chunks, all-reduces.")
  private String level;

  @Option(
      names = "--trace-modules",
      paramLabel = "M",
      description = "Trace only these modules, separated by commas. Default: all.")
  private String modules;

  @Option(
      names = "--trace-attributes",
      paramLabel = "RULES",
      description =
          "Attributes not to export as they are, separated by commas: NAME=drop, NAME=hash or"
              + " NAME=cut:N; a name may end in '.*', '*' is all others. Default: none.")
  private String attributes;

  @Option(
      names = "--trace-sample-ratio",
      paramLabel = "0-1",
      description = "Share of new requests to trace; a sampled caller's always are. Default: 1.")
  private String sampleRatio;

  @Option(
      names = "--allow-forced-traces",
      fallbackValue = "true",
      description = "Let a client have its request traced with the header 'x-trace-force: 1'.")
  private Boolean forcing;

  /** The viewer's port; null if none is named. */
  Integer viewerPort() {
    return viewerPort;
  }

  /** The options as typed, for this process and for its children: all read them the same way. */
  Map<String, String> typed() {
    Map<String, String> typed = new LinkedHashMap<>();
    put(typed, "--trace-enable", enable);
    put(typed, ENDPOINT, endpoint);
    put(typed, "--trace-level", level);
    put(typed, "--trace-modules", modules);
    put(typed, "--trace-attributes", attributes);
    put(typed, "--trace-sample-ratio", sampleRatio);
    put(typed, "--allow-forced-traces", forcing);
    return typed;
  }

  /**
   * The configuration that typed options and this process's environment make. Where the text of
   * prompts and answers is wanted, what looks like a secret is taken out of it.
   */
  static TracingConfig config(Map<String, String> typed) {
    TracingConfig.Builder config = TracingConfig.from(typed, System.getenv()).toBuilder();
    Optional.ofNullable(typed.get(COPY)).ifPresent(config::copyTo);
    return config
        .service(TraceOptions::versioned)
        .content(content -> content.withRedaction(Redaction.all()))
        .closedAtExit(false) // a server that is told to end first finishes its requests
        .build();
  }

  /** This program's version, unless the operator counts another. */
  private static ServiceConfig versioned(ServiceConfig service) {
    return service.attributes().get(VERSION) == null
        ? service.withAttribute(VERSION.getKey(), Version.text())
        : service;
  }

  private static void put(Map<String, String> typed, String name, Object value) {
    if (value != null) {
      typed.put(name, value.toString());
    }
  }
}
