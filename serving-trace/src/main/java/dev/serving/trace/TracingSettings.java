package dev.serving.trace;

import dev.serving.trace.config.AttributeRules;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.SamplingConfig;
import dev.serving.trace.config.TraceExporterKind;
import dev.serving.trace.config.TracingConfigException;
import dev.serving.trace.export.ExportPipeline;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanLimitsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The one place that knows the names of options and variables. Each row's sources are in order of
 * precedence; a variable that is empty counts as not set, as OpenTelemetry has it.
 */
final class TracingSettings {
  private TracingSettings() {}

  /** Puts a text into the builder; throws {@link IllegalArgumentException} saying what to write. */
  private interface Reader extends BiConsumer<TracingConfig.Builder, String> {}

  /** One name that a setting can have. */
  record Source(String name, Reader reader) {
    boolean isOption() {
      return name.startsWith("--");
    }
  }

  /** One line of the table of settings. */
  record Row(String what, String byDefault, List<Source> sources) {

    /** The same with further names, after those it has. */
    Row or(String names, Reader reader) {
      Stream<Source> more = Stream.of(names.split(",")).map(name -> new Source(name, reader));
      return new Row(what, byDefault, Stream.concat(sources.stream(), more).toList());
    }
  }

  // Later rows see what earlier ones have set: a switch that overrules another comes after it.
  static final List<Row> ROWS =
      List.of(
          row("Tracing on: `true`, for `FD_TRACE` `otel` or `all`; all else is off", "off")
              .or(
                  "TRACES_ENABLE",
                  (b, v) -> SettingReaders.gate(b, "TRACES_ENABLE", v, Set.of("true")))
              .or(
                  "FD_TRACE",
                  (b, v) -> SettingReaders.gate(b, "FD_TRACE", v, Set.of("otel", "all"))),
          row("`true` turns tracing off, whatever FastDeploy's variables say", "`false`")
              .or("OTEL_SDK_DISABLED", SettingReaders::disable),
          row("Tracing on, whatever the variables say", "")
              .or("--trace-enable", SettingReaders::asTyped),
          row("Where spans go: `otlp`, `console`, `none`", "`otlp`")
              .or("OTEL_TRACES_EXPORTER,TRACES_EXPORTER", SettingReaders::exporter),
          row(
                  "Address of the receiver: a URL, `host:port` or `host`",
                  "`http://localhost:4318`, for gRPC port 4317")
              .or(
                  "--otlp-traces-endpoint,OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                  TracingConfig.Builder::endpoint)
              .or("OTEL_EXPORTER_OTLP_ENDPOINT", (b, v) -> b.otlp(o -> o.withBaseEndpoint(v)))
              .or("EXPORTER_OTLP_ENDPOINT", TracingConfig.Builder::endpoint),
          row(
                  "`grpc` or `http/protobuf`",
                  "`grpc` if the endpoint's port is 4317, else `http/protobuf`")
              .or(
                  "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL,OTEL_EXPORTER_OTLP_PROTOCOL",
                  SettingReaders::protocol),
          row(
                  "Headers of each request, `key=value` separated by commas; secret, never logged",
                  "none")
              .or(
                  "OTEL_EXPORTER_OTLP_TRACES_HEADERS,OTEL_EXPORTER_OTLP_HEADERS",
                  SettingReaders::headers)
              .or("EXPORTER_OTLP_HEADERS", SettingReaders::headersOfFastDeploy),
          row("Time of one attempt to send a batch, ms", "`10000`")
              .or(
                  "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT,OTEL_EXPORTER_OTLP_TIMEOUT",
                  (b, v) -> b.otlp(o -> o.withTimeout(Values.timeout(v)))),
          row("`gzip` or `none`", "`none`")
              .or(
                  "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION,OTEL_EXPORTER_OTLP_COMPRESSION",
                  (b, v) -> b.otlp(o -> o.withGzip(SettingReaders.gzip(v)))),
          row("PEM file of the authorities to trust", "the JDK's")
              .or(
                  "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE,OTEL_EXPORTER_OTLP_CERTIFICATE",
                  (b, v) -> b.otlp(o -> o.withCertificate(Values.certificates(v)))),
          row("PEM file of the client's private key (PKCS#8)", "none")
              .or(
                  "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY,OTEL_EXPORTER_OTLP_CLIENT_KEY",
                  (b, v) -> b.otlp(o -> o.withClientKey(Values.file(v)))),
          row("PEM file of the client's certificates", "none")
              .or(
                  "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE,"
                      + "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
                  (b, v) -> b.otlp(o -> o.withClientCertificate(Values.file(v)))),
          row("Longest time that a span waits for its batch to fill, ms", "`200`")
              .or(
                  "OTEL_BSP_SCHEDULE_DELAY,FD_OTLP_EXPORTER_SCHEDULE_DELAY_MILLIS",
                  (b, v) -> b.batch(c -> c.withDelay(Values.millis(v)))),
          row("Most spans that wait or are being sent", "`262144`")
              .or(
                  "OTEL_BSP_MAX_QUEUE_SIZE",
                  (b, v) -> b.batch(c -> c.withMaxQueueSpans(Values.wholeNumber(v)))),
          row("Most bytes of them, as on the wire", "`134217728`")
              .or(
                  "SERVING_TRACE_MAX_QUEUE_BYTES",
                  (b, v) -> b.batch(c -> c.withMaxQueueBytes(Values.bytes(v)))),
          row("Most spans in one request", "`8192`")
              .or(
                  "OTEL_BSP_MAX_EXPORT_BATCH_SIZE,FD_OTLP_EXPORTER_MAX_EXPORT_BATCH_SIZE",
                  (b, v) -> b.batch(c -> c.withMaxBatchSpans(Values.wholeNumber(v)))),
          row("Most bytes in one request before compression", "`3145728`")
              .or(
                  "SERVING_TRACE_MAX_BATCH_BYTES",
                  (b, v) -> b.batch(c -> c.withMaxBatchBytes(Values.wholeNumber(v)))),
          row("Time after which a batch is given up, all attempts together, ms", "`60000`")
              .or(
                  "OTEL_BSP_EXPORT_TIMEOUT",
                  (b, v) -> b.batch(c -> c.withDeadline(Values.timeout(v)))),
          row("Batches on the way at once", "`4`")
              .or(
                  "SERVING_TRACE_SENDERS",
                  (b, v) -> b.batch(c -> c.withSenders(Values.wholeNumber(v)))),
          row("Attributes of the resource, `key=value` separated by commas", "none")
              .or("OTEL_RESOURCE_ATTRIBUTES", SettingReaders::resource),
          row("Name of the service", "`serving`")
              .or("OTEL_SERVICE_NAME", TracingConfig.Builder::serviceName)
              .or("FD_SERVICE_NAME", SettingReaders::fallbackServiceName),
          row("Name of the host (its id is found out, see `host.id`)", "the machine's")
              .or("FD_HOST_NAME", (b, v) -> b.service(s -> s.withHostName(v))),
          row("Resource attribute `job_id`", "none").or("FD_JOB_ID", SettingReaders::jobId),
          row(
                  "`always_on`, `always_off`, `traceidratio`, each also with `parentbased_` before it",
                  "`parentbased_always_on`")
              .or("OTEL_TRACES_SAMPLER", (b, v) -> b.sampling(s -> SamplingConfig.named(v))),
          row("Ratio of a `traceidratio` sampler, 0 to 1", "`1`")
              .or("OTEL_TRACES_SAMPLER_ARG", SettingReaders::samplerArgument),
          row(
                  "Share of the requests to record where the caller has not decided, 0 to 1",
                  "as the sampler says")
              .or(
                  "--trace-sample-ratio",
                  (b, v) -> b.sampling(s -> SamplingConfig.ratio(Values.number(v)))),
          row("Level: 1 stages, 2 also hand-overs and all ranks, 3 also details", "`2`")
              .or("--trace-level,SERVING_TRACE_LEVEL", (b, v) -> b.level(SettingReaders.level(v))),
          row("Modules whose slices are recorded, separated by commas", "all")
              .or("--trace-modules,SERVING_TRACE_MODULES", (b, v) -> b.modules(Values.set(v))),
          row("`true` lets a request's own header force its recording", "`false`")
              .or(
                  "--allow-forced-traces,SERVING_TRACE_FORCING",
                  (b, v) -> b.forcing(Values.bool(v))),
          row("Time after which an unfinished request is ended as truncated, ms", "`3600000`")
              .or("SERVING_TRACE_ABANDON_AFTER", (b, v) -> b.abandonAfter(Values.millis(v))),
          limit(
              "Most characters of an attribute's value",
              "`16384`",
              "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT,OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
              SpanLimitsBuilder::setMaxAttributeValueLength),
          limit(
              "Most attributes of a span",
              "`128`",
              "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT,OTEL_ATTRIBUTE_COUNT_LIMIT",
              SpanLimitsBuilder::setMaxNumberOfAttributes),
          limit(
              "Most events of a span",
              "`128`",
              "OTEL_SPAN_EVENT_COUNT_LIMIT",
              SpanLimitsBuilder::setMaxNumberOfEvents),
          limit(
              "Most links of a span",
              "`128`",
              "OTEL_SPAN_LINK_COUNT_LIMIT",
              SpanLimitsBuilder::setMaxNumberOfLinks),
          limit(
              "Most attributes of an event",
              "`128`",
              "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT,OTEL_ATTRIBUTE_COUNT_LIMIT",
              SpanLimitsBuilder::setMaxNumberOfAttributesPerEvent),
          limit(
              "Most attributes of a link",
              "`128`",
              "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT,OTEL_ATTRIBUTE_COUNT_LIMIT",
              SpanLimitsBuilder::setMaxNumberOfAttributesPerLink),
          row(
                  "Foreign headers that are understood: `tracecontext`, `baggage`, `none`",
                  "`tracecontext,baggage`")
              .or("OTEL_PROPAGATORS", SettingReaders::propagators),
          row(
                  "Attributes not to leave as they are, separated by commas: `NAME=drop`,"
                      + " `NAME=hash` or `NAME=cut:N`; a name may end in `.*`, and `*` is all others",
                  "none")
              .or("--trace-attributes", (b, v) -> b.attributeRules(AttributeRules.parse(v)))
              .or("SERVING_TRACE_ATTRIBUTES", SettingReaders::attributeRules),
          row("`true` records the text of prompts and answers", "`false`")
              .or(
                  "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
                  (b, v) -> b.content(c -> c.withCaptured(Values.bool(v)))),
          row("Names of attributes to opt in to, as OpenTelemetry's conventions list them", "none")
              .or("OTEL_SEMCONV_STABILITY_OPT_IN", (b, v) -> b.semconv(Values.set(v))));

  /**
   * Reads options strictly and variables as OpenTelemetry has it: what is not understood there may
   * have been meant for another program; it is told of, if tracing is on, and counts as not set.
   */
  static TracingConfig read(
      Map<String, String> options, Map<String, String> environment, Consumer<String> warnings) {
    TracingConfig.Builder builder = TracingConfig.builder();
    List<String> told = new ArrayList<>();
    for (Row row : ROWS) {
      builder = read(row, options, environment, builder, told);
    }
    TracingConfig config = withWholeIdentity(builder, told);
    if (config.active()) {
      told.forEach(warnings);
    }
    return config;
  }

  private static TracingConfig.Builder read(
      Row row,
      Map<String, String> options,
      Map<String, String> environment,
      TracingConfig.Builder builder,
      List<String> told) {
    for (Source source : row.sources()) {
      String value = (source.isOption() ? options : environment).get(source.name());
      if (value == null || value.isBlank()) {
        continue;
      }
      TracingConfig before = builder.build();
      try {
        source.reader().accept(builder, value.strip());
        var unused = builder.build();
        builder.notes().forEach(note -> told.add(source.name() + ": " + note));
        return builder.withoutNotes();
      } catch (IllegalArgumentException e) {
        // The value itself is not repeated: it may be a secret.
        if (source.isOption()) {
          throw new TracingConfigException(
              "%s has a bad value: %s".formatted(source.name(), e.getMessage()), e);
        }
        tellOnce(told, source.name() + " is not used: ", e.getMessage() + ". " + instead(row));
        builder = before.toBuilder();
      }
    }
    return builder;
  }

  /** A variable may stand in several rows. */
  private static void tellOnce(List<String> told, String what, String why) {
    if (told.stream().noneMatch(line -> line.startsWith(what))) {
      told.add(what + why);
    }
  }

  private static String instead(Row row) {
    String byDefault = row.byDefault().replace("`", "");
    return "It counts as not set" + (byDefault.isEmpty() ? "." : "; the default is " + byDefault);
  }

  /** The client's two files are looked at together, and only if they will be used. */
  private static TracingConfig withWholeIdentity(TracingConfig.Builder builder, List<String> told) {
    TracingConfig config = builder.build();
    try {
      config.otlp().checkClient();
      if (config.active() && config.exporter() == TraceExporterKind.OTLP) {
        ExportPipeline.checkClient(config.otlp());
      }
      return config;
    } catch (TracingConfigException e) {
      told.add(e.getMessage() + ". The client shows no certificate");
      return builder.otlp(OtlpConfig::withoutClient).build();
    }
  }

  private static Row row(String what, String byDefault) {
    return new Row(what, byDefault, List.of());
  }

  private static Row limit(
      String what,
      String byDefault,
      String names,
      BiFunction<SpanLimitsBuilder, Integer, SpanLimitsBuilder> set) {
    Reader reader =
        (b, v) ->
            b.limits((SpanLimits l) -> set.apply(l.toBuilder(), Values.wholeNumber(v)).build());
    return row(what, byDefault).or(names, reader);
  }
}
