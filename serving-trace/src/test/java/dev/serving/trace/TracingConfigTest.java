package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.SamplingConfig;
import dev.serving.trace.config.TraceExporterKind;
import dev.serving.trace.config.TracingConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What options and variables mean, which goes first, and what is said about a bad one. */
class TracingConfigTest {
  @TempDir private Path dir;

  @Test
  void everyDefaultIsPinned() {
    TracingConfig config = TracingConfig.fromEnvironment(Map.of());
    assertThat(config.enabled()).isFalse();
    assertThat(config.exporter()).isEqualTo(TraceExporterKind.OTLP);
    assertThat(config.otlp().uri()).hasToString("http://localhost:4318/v1/traces");
    assertThat(config.otlp().headers()).isEmpty();
    assertThat(config.otlp().timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.otlp().gzip()).isFalse();
    assertThat(config.batch().maxQueueSpans()).isEqualTo(262_144);
    assertThat(config.batch().maxQueueBytes()).isEqualTo(134_217_728);
    assertThat(config.batch().maxBatchSpans()).isEqualTo(8192);
    assertThat(config.batch().maxBatchBytes()).isEqualTo(3_145_728);
    assertThat(config.batch().delay()).isEqualTo(Duration.ofMillis(200));
    assertThat(config.batch().senders()).isEqualTo(4);
    assertThat(config.batch().deadline()).isEqualTo(Duration.ofSeconds(60));
    assertThat(config.batch().shutdown()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.sampling()).isEqualTo(SamplingConfig.DEFAULT);
    assertThat(config.level()).isEqualTo(2);
    assertThat(config.modules()).isEmpty();
    assertThat(config.forcing()).isFalse();
    assertThat(config.limits().getMaxAttributeValueLength()).isEqualTo(16_384);
    assertThat(config.limits().getMaxNumberOfAttributes()).isEqualTo(128);
    assertThat(config.limits().getMaxNumberOfEvents()).isEqualTo(128);
    assertThat(config.limits().getMaxNumberOfLinks()).isEqualTo(128);
    assertThat(config.abandonAfter()).isEqualTo(Duration.ofHours(1));
    assertThat(config.content().captured()).isFalse();
    assertThat(config.semconv()).isEmpty();
    assertThat(config.propagators()).isEqualTo(Set.of("tracecontext", "baggage"));
  }

  @Test
  void anOptionGoesBeforeOpenTelemetrysVariableAndThatBeforeFastDeploys() {
    Map<String, String> fastDeploy = Map.of("EXPORTER_OTLP_ENDPOINT", "http://fd:1/x");
    Map<String, String> general =
        Map.of("EXPORTER_OTLP_ENDPOINT", "http://fd:1", "OTEL_EXPORTER_OTLP_ENDPOINT", "otel:2");
    Map<String, String> traces =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT", "otel:2",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:3/t");
    Map<String, String> option = Map.of("--otlp-traces-endpoint", "option:4");
    assertThat(uri(Map.of(), fastDeploy)).isEqualTo("http://fd:1/x");
    assertThat(uri(Map.of(), general)).isEqualTo("http://otel:2/v1/traces");
    assertThat(uri(Map.of(), traces)).isEqualTo("http://traces:3/t");
    assertThat(uri(option, traces)).isEqualTo("http://option:4/v1/traces");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, http://localhost:4318/v1/traces, http/protobuf",
    "localhost:4317, http://localhost:4317, grpc",
    "host:9, http://host:9/v1/traces, http/protobuf",
    "http://host, http://host:80/v1/traces, http/protobuf",
    "https://host, https://host:443/v1/traces, http/protobuf",
    "https://host:4317, https://host:4317, grpc",
    "http://host:4318/, http://host:4318/v1/traces, http/protobuf",
    "http://host:4318/otlp/v1/traces?t=1, http://host:4318/otlp/v1/traces?t=1, http/protobuf",
    "http://[::1]:4318, http://[::1]:4318/v1/traces, http/protobuf",
  })
  void anEndpointMayBeWrittenInManyWays(String endpoint, String uri, String protocol) {
    OtlpConfig otlp = OtlpConfig.DEFAULT.withEndpoint(endpoint);
    assertThat(otlp.uri()).hasToString(uri);
    assertThat(otlp.effectiveProtocol()).hasToString(protocol);
  }

  @Test
  void aBaseEndpointGetsThePathOfTheTracesAfterItsOwn() {
    String name = "OTEL_EXPORTER_OTLP_ENDPOINT";
    assertThat(uri(Map.of(), Map.of(name, "http://host:1/a/"))).endsWith(":1/a/v1/traces");
    assertThat(uri(Map.of(), Map.of(name, "http://host:1/v1/traces"))).endsWith(":1/v1/traces");
  }

  @Test
  void theProtocolThatIsNamedDecidesAboutThePath() {
    Map<String, String> grpc =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT", "http://host:1/a",
            "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    assertThat(uri(Map.of(), grpc)).isEqualTo("http://host:1");
  }

  @ParameterizedTest
  @CsvSource({
    "TRACES_ENABLE=true, true",
    "TRACES_ENABLE=TRUE, true",
    "TRACES_ENABLE=false, false",
    "FD_TRACE=otel, true",
    "FD_TRACE=all, true",
    "FD_TRACE=none, false",
    "TRACES_ENABLE=true;OTEL_SDK_DISABLED=true, false",
    "TRACES_ENABLE=true;OTEL_SDK_DISABLED=false, true",
    "OTEL_SDK_DISABLED=true;--trace-enable=true, true",
    "TRACES_ENABLE=true;--trace-enable=false, false",
    "TRACES_ENABLE=true;OTEL_TRACES_EXPORTER=none, false",
    "TRACES_ENABLE=, false",
  })
  void whatTurnsTracingOn(String settings, boolean active) {
    assertThat(read(settings).active()).isEqualTo(active);
  }

  @Test
  void headersAreSplitAtTheFirstEqualsSignAndDecoded() {
    TracingConfig config =
        TracingConfig.fromEnvironment(
            Map.of("EXPORTER_OTLP_HEADERS", "authorization=Basic abc==, x-a=1%2C2+3"));
    assertThat(config.otlp().headers())
        .isEqualTo(Map.of("authorization", "Basic abc==", "x-a", "1,2+3"));
  }

  @Test
  void headersAreNeverShown() {
    TracingConfig config =
        TracingConfig.fromEnvironment(Map.of("OTEL_EXPORTER_OTLP_HEADERS", "authorization=s3cret"));
    assertThat(config.toString()).contains("authorization").doesNotContain("s3cret");
    assertThat(config.otlp().toString()).doesNotContain("s3cret");
    assertThat(config.otlp().with().toString()).contains("authorization").doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OTEL_TRACES_EXPORTER | console | exporter=CONSOLE",
        "TRACES_EXPORTER | otlp | exporter=OTLP",
        "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT | 2500 | timeout=PT2.5S",
        "OTEL_EXPORTER_OTLP_COMPRESSION | gzip | gzip=true",
        "OTEL_BSP_SCHEDULE_DELAY | 50 | delay=PT0.05S",
        "FD_OTLP_EXPORTER_SCHEDULE_DELAY_MILLIS | 500 | delay=PT0.5S",
        "OTEL_BSP_MAX_QUEUE_SIZE | 4096 | maxQueueSpans=4096",
        "OTEL_BSP_MAX_EXPORT_BATCH_SIZE | 100 | maxBatchSpans=100",
        "FD_OTLP_EXPORTER_MAX_EXPORT_BATCH_SIZE | 64 | maxBatchSpans=64",
        "OTEL_BSP_EXPORT_TIMEOUT | 1000 | deadline=PT1S",
        "SERVING_TRACE_MAX_QUEUE_BYTES | 1000000 | maxQueueBytes=1000000",
        "SERVING_TRACE_MAX_BATCH_BYTES | 5000 | maxBatchBytes=5000",
        "SERVING_TRACE_SENDERS | 2 | senders=2",
        "OTEL_SERVICE_NAME | a | name=Optional[a]",
        "FD_SERVICE_NAME | b | name=Optional[b]",
        "FD_HOST_NAME | h | hostName=Optional[h]",
        "FD_JOB_ID | 7 | job_id=\"7\"",
        "OTEL_RESOURCE_ATTRIBUTES | zone=a%2Cb,k=v | zone=\"a,b\"",
        "OTEL_RESOURCE_ATTRIBUTES | a%3Db=c | a=b=\"c\"",
        "OTEL_RESOURCE_ATTRIBUTES | service.name=,k=v | attributes={k=\"v\"}",
        "EXPORTER_OTLP_HEADERS | share=50%,z=1 | share",
        "OTEL_TRACES_SAMPLER | always_off | SamplingConfig[parentBased=false, kind=ALWAYS_OFF",
        "OTEL_TRACES_SAMPLER | parentbased_traceidratio | kind=TRACE_ID_RATIO, ratio=1.0",
        "--trace-sample-ratio | 0.25 | parentBased=true, kind=TRACE_ID_RATIO, ratio=0.25",
        "--trace-level | 3 | level=3",
        "SERVING_TRACE_LEVEL | 1 | level=1",
        "--trace-modules | engine | modules=[engine]",
        "SERVING_TRACE_FORCING | true | forcing=true",
        "SERVING_TRACE_ABANDON_AFTER | 1000 | abandonAfter=PT1S",
        "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT | 10 | maxAttributeValueLength=10",
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT | 11 | maxAttributeValueLength=11",
        "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT | 12 | maxNumberOfAttributes=12",
        "OTEL_SPAN_EVENT_COUNT_LIMIT | 13 | maxNumberOfEvents=13",
        "OTEL_SPAN_LINK_COUNT_LIMIT | 14 | maxNumberOfLinks=14",
        "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT | 15 | maxNumberOfAttributesPerEvent=15",
        "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT | 16 | maxNumberOfAttributesPerLink=16",
        "OTEL_PROPAGATORS | tracecontext | propagators=[tracecontext]",
        "OTEL_PROPAGATORS | none | propagators=[]",
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT | true | captured=true",
        "OTEL_SEMCONV_STABILITY_OPT_IN | gen_ai_latest | semconv=[gen_ai_latest]",
      })
  void whatASettingSets(String name, String value, String shows) {
    TracingConfig config = read(name + "=" + value);
    assertThat(config + " " + config.limits()).contains(shows);
  }

  @Test
  void theRatioOfTheSamplerIsItsArgument() {
    assertThat(read("OTEL_TRACES_SAMPLER=traceidratio;OTEL_TRACES_SAMPLER_ARG=0.1").sampling())
        .isEqualTo(new SamplingConfig(false, SamplingConfig.Kind.TRACE_ID_RATIO, 0.1));
    assertThat(read("OTEL_TRACES_SAMPLER_ARG=0.1").sampling()).isEqualTo(SamplingConfig.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "--trace-enable, maybe",
    "--otlp-traces-endpoint, ftp://host",
    "--otlp-traces-endpoint, http://user:s3cret@host",
    "--trace-sample-ratio, NaN",
    "--trace-level, 4",
  })
  void aBadOptionIsOneClearErrorThatNamesIt(String name, String value) {
    assertThatThrownBy(() -> read(name + "=" + value))
        .isInstanceOf(TracingConfigException.class)
        .hasMessageStartingWith(name + " has a bad value: ")
        .hasMessageNotContaining("s3cret")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_SDK_DISABLED, 1",
    "OTEL_TRACES_EXPORTER, zipkin",
    "OTEL_EXPORTER_OTLP_ENDPOINT, http://user:s3cret@host",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, ':::'",
    "EXPORTER_OTLP_ENDPOINT, http://",
    "EXPORTER_OTLP_ENDPOINT, tcp://host:4317",
    "OTEL_EXPORTER_OTLP_PROTOCOL, http/xml",
    "OTEL_EXPORTER_OTLP_HEADERS, s3cret",
    "OTEL_EXPORTER_OTLP_HEADERS, Authorization: s3cret",
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS, =s3cret",
    "OTEL_EXPORTER_OTLP_HEADERS, x=s3cret%zz",
    "EXPORTER_OTLP_HEADERS, s3cret",
    "OTEL_EXPORTER_OTLP_TIMEOUT, soon",
    "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT, -1",
    "OTEL_EXPORTER_OTLP_COMPRESSION, br",
    "OTEL_EXPORTER_OTLP_CERTIFICATE, /does/not/exist",
    "OTEL_EXPORTER_OTLP_CLIENT_KEY, /does/not/exist",
    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, /does/not/exist",
    "OTEL_BSP_SCHEDULE_DELAY, -1",
    "OTEL_BSP_MAX_QUEUE_SIZE, 0",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE, many",
    "FD_OTLP_EXPORTER_SCHEDULE_DELAY_MILLIS, 0.5",
    "FD_OTLP_EXPORTER_MAX_EXPORT_BATCH_SIZE, 0",
    "SERVING_TRACE_SENDERS, 0",
    "SERVING_TRACE_SENDERS, 100000",
    "SERVING_TRACE_LEVEL, 9",
    "OTEL_RESOURCE_ATTRIBUTES, novalue",
    "OTEL_RESOURCE_ATTRIBUTES, 'service.name=a,note=100%'",
    "OTEL_TRACES_SAMPLER, parentbased_jaeger_remote",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT, -5",
    "OTEL_SPAN_EVENT_COUNT_LIMIT, x",
    "OTEL_PROPAGATORS, b3multi",
  })
  void aBadVariableCountsAsNotSetAndIsToldOfOnce(String name, String value) {
    List<String> told = new ArrayList<>();
    Map<String, String> on = Map.of("TRACES_ENABLE", "true");
    TracingConfig config =
        TracingSettings.read(Map.of(), Map.of("TRACES_ENABLE", "true", name, value), told::add);
    assertThat(config).isEqualTo(TracingConfig.fromEnvironment(on));
    assertThat(told).hasSize(1);
    assertThat(told.get(0))
        .startsWith(name + " is not used: ")
        .contains("counts as not set")
        .doesNotContain("s3cret")
        .doesNotContain("\n");
    TracingSettings.read(Map.of(), Map.of(name, value), told::add);
    assertThat(told).as("tracing is off: nothing is judged").hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OTEL_TRACES_EXPORTER | otlp,console | exporter=OTLP | otlp is taken",
        "OTEL_TRACES_EXPORTER | zipkin,console | exporter=CONSOLE | console is taken",
        "OTEL_EXPORTER_OTLP_PROTOCOL | http/json | http/protobuf | http/json is not spoken",
        "OTEL_PROPAGATORS | b3,TraceContext | propagators=[tracecontext] | tracecontext is",
        "OTEL_PROPAGATORS | xray,none | propagators=[] | none is understood",
        "SERVING_TRACE_ATTRIBUTES | a=drop,b*=drop | AttributeRules[a] | 1 of its entries",
        "OTEL_EXPORTER_OTLP_HEADERS | a=b,Authorization: s3cret | headers=[a] | 1 of its entries",
      })
  void whatIsUnderstoodOfAListIsTakenAndTheRestToldOf(
      String name, String value, String shows, String said) {
    List<String> told = new ArrayList<>();
    TracingConfig config =
        TracingSettings.read(Map.of(), Map.of("TRACES_ENABLE", "true", name, value), told::add);
    assertThat(config.toString()).contains(shows);
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).startsWith(name + ": ").contains(said).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_TIMEOUT=10s, timeout=PT10S",
    "OTEL_EXPORTER_OTLP_TIMEOUT=2m, timeout=PT2M",
    "OTEL_BSP_EXPORT_TIMEOUT=2147483647, deadline=PT596H31M23.647S",
    "OTEL_BSP_EXPORT_TIMEOUT=9223372036854775d, deadline=PT240000H",
    "OTEL_EXPORTER_OTLP_TIMEOUT=0, timeout=PT24H",
    "OTEL_BSP_SCHEDULE_DELAY=1500 ms, delay=PT1.5S",
    "OTEL_TRACES_SAMPLER=Always_Off, ALWAYS_OFF",
    "OTEL_EXPORTER_OTLP_PROTOCOL=GRPC, grpc",
  })
  void whatOpenTelemetryTakesIsTaken(String setting, String shows) {
    assertThat(read(setting).toString()).contains(shows);
  }

  @ParameterizedTest
  @CsvSource({
    "http://otel_collector:4318, http://otel_collector:4318/v1/traces",
    "otel_collector, http://otel_collector:4318/v1/traces",
    "HTTP://collector:4318, http://collector:4318/v1/traces",
    "HttpS://a_b, https://a_b:443/v1/traces",
    "http://host:4318/otlp?token=x, http://host:4318/otlp/v1/traces?token=x",
    "http://host:4318?token=x, http://host:4318/v1/traces?token=x",
    "http://host:4318/v1/traces?token=x, http://host:4318/v1/traces?token=x",
    "http://host:4318/otlp/#part, http://host:4318/otlp/v1/traces",
    "[::1]:9, http://[::1]:9/v1/traces",
  })
  void aBaseEndpointMayHaveUnderscoresCapitalsAndAQuery(String base, String uri) {
    assertThat(uri(Map.of(), Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", base))).isEqualTo(uri);
  }

  @ParameterizedTest
  @CsvSource({
    "TRACES_ENABLE=1, false",
    "TRACES_ENABLE=True, true",
    "TRACES_ENABLE=0, false",
    "FD_TRACE=local, false",
    "FD_TRACE=console, false",
    "FD_TRACE=OTEL, true",
    "TRACES_ENABLE=false;FD_TRACE=otel, false",
  })
  void fastDeploysValuesMeanWhatTheyMeanThere(String settings, boolean active) {
    assertThat(read(settings).active()).isEqualTo(active);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X=1 | Tracing is off: nothing turns it on, as TRACES_ENABLE=true would.",
        "TRACES_ENABLE=1 | Tracing is off: TRACES_ENABLE=1.",
        "TRACES_ENABLE=true;OTEL_SDK_DISABLED=TRUE | Tracing is off: OTEL_SDK_DISABLED=true.",
        "TRACES_ENABLE=true;OTEL_TRACES_EXPORTER=none | Tracing is off: the exporter is none.",
        "TRACES_ENABLE=true;EXPORTER_OTLP_ENDPOINT=http://h:1/t?key=s3cret | Tracing is on"
            + " (TRACES_ENABLE=true): to http://h:1/t?… by http/protobuf, share 1.0, level 2.",
        "--trace-enable=true;EXPORTER_OTLP_ENDPOINT=h:4317 | Tracing is on (--trace-enable): to"
            + " http://h:4317 by grpc, share 1.0, level 2.",
        "FD_TRACE=otel;OTEL_TRACES_EXPORTER=console;--trace-sample-ratio=0.5 | Tracing is on"
            + " (FD_TRACE=otel): to the console, share 0.5, level 2.",
      })
  void oneLineSaysWhetherTracingIsOnAndWhy(String settings, String line) {
    assertThat(read(settings).summary()).isEqualTo(line);
  }

  @Test
  void aClientsKeyWithoutItsCertificateIsToldOfAndNotShown() throws Exception {
    Path key = Files.createFile(dir.resolve("key.pem"));
    List<String> told = new ArrayList<>();
    TracingConfig config =
        TracingSettings.read(
            Map.of(),
            Map.of("TRACES_ENABLE", "true", "OTEL_EXPORTER_OTLP_CLIENT_KEY", key.toString()),
            told::add);
    assertThat(config.otlp().clientKey()).isEmpty();
    assertThat(told).singleElement().asString().contains("CLIENT_KEY and CLIENT_CERTIFICATE");
  }

  @Test
  void aFileThatHoldsSomethingElseIsToldOfAndNotUsed() throws Exception {
    String file = Files.writeString(dir.resolve("odd.pem"), "no PEM").toString();
    for (Map<String, String> odd :
        List.of(
            Map.of("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", file),
            Map.of(
                "OTEL_EXPORTER_OTLP_CLIENT_KEY",
                file,
                "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
                file))) {
      Map<String, String> environment = new HashMap<>(odd);
      environment.put("TRACES_ENABLE", "true");
      List<String> told = new ArrayList<>();
      TracingConfig config = TracingSettings.read(Map.of(), environment, told::add);
      assertThat(told).singleElement().asString().containsAnyOf("PEM", "PKCS#8");
      assertThat(config.otlp()).isEqualTo(OtlpConfig.DEFAULT);
    }
  }

  @Test
  void fastDeploysJobGivesWayToOpenTelemetrysAttributes() {
    assertThat(read("FD_JOB_ID=fd;OTEL_RESOURCE_ATTRIBUTES=job_id=otel").toString())
        .contains("job_id=\"otel\"");
  }

  @Test
  void aHeaderThatTheTransportSetsIsRefused() {
    assertThatThrownBy(() -> OtlpConfig.DEFAULT.withHeader("Host", "x"))
        .hasMessageContaining("'Host' is set by the transport");
    assertThatThrownBy(() -> OtlpConfig.DEFAULT.withHeader("x", "a\r\nb: c"))
        .hasMessageContaining("printable ASCII");
  }

  @Test
  void aBuilderStartsFromAConfiguration() {
    TracingConfig config = TracingConfig.builder().enabled(true).level(3).endpoint("h:1").build();
    assertThat(config.toBuilder().build()).isEqualTo(config);
    assertThat(config.toBuilder().level(1).build().level()).isEqualTo(1);
  }

  private static String uri(Map<String, String> options, Map<String, String> environment) {
    return TracingConfig.from(options, environment).otlp().uri().toString();
  }

  /** Reads {@code name=value} pairs separated by semicolons, options among them. */
  private static TracingConfig read(String settings) {
    Map<String, String> all = new HashMap<>();
    for (String setting : settings.split(";", -1)) {
      int at = setting.indexOf('=');
      all.put(setting.substring(0, at), setting.substring(at + 1));
    }
    return TracingConfig.from(all, all);
  }
}
