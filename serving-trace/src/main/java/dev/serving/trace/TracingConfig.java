package dev.serving.trace;

import dev.serving.trace.config.AttributeRules;
import dev.serving.trace.config.BatchConfig;
import dev.serving.trace.config.ContentConfig;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.SamplingConfig;
import dev.serving.trace.config.ServiceConfig;
import dev.serving.trace.config.TraceExporterKind;
import dev.serving.trace.config.TracingConfigException;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SpanLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All that tracing is told, built once at start-up and passed down. Immutable.
 *
 * @param enabled whether anything is traced; off by default
 * @param exporter where finished spans go
 * @param otlp how to reach the receiver, where spans go to one
 * @param copy another receiver that gets a copy of each span, at best: what it misses is logged,
 *     and not part of the balance
 * @param batch the bounds of the way there
 * @param service who makes the spans
 * @param sampling which requests are recorded
 * @param level how much of a request: 1 stages, 2 also hand-overs and every rank, 3 also details; 0
 *     nothing, though what the caller decided is handed on
 * @param modules whose requests are recorded; empty for all
 * @param forcing whether a request may ask, by its own header, to be recorded
 * @param limits of one span's attributes, events and links
 * @param abandonAfter when an unfinished request is ended as truncated
 * @param content whether prompts and answers may be recorded
 * @param semconv the standard opt-ins for names of attributes
 * @param propagators what is read from and written to foreign headers: {@code tracecontext}, {@code
 *     baggage}; empty for none
 * @param ids makes trace and span ids; called from any thread
 * @param closedAtExit whether tracing closes itself when the process is told to end; an application
 *     that then still finishes its requests closes it itself
 * @param clock tells nanoseconds since the epoch, from any thread; null for the host's clock
 * @param attributeRules what becomes of attributes, by name, before they leave the process
 * @param because what turned tracing on or off, for the line that says so at the start
 */
public record TracingConfig(
    boolean enabled,
    TraceExporterKind exporter,
    OtlpConfig otlp,
    Optional<OtlpConfig> copy,
    BatchConfig batch,
    ServiceConfig service,
    SamplingConfig sampling,
    int level,
    Set<String> modules,
    boolean forcing,
    SpanLimits limits,
    Duration abandonAfter,
    ContentConfig content,
    Set<String> semconv,
    Set<String> propagators,
    IdGenerator ids,
    boolean closedAtExit,
    @Nullable LongSupplier clock,
    AttributeRules attributeRules,
    String because) {

  /**
   * Checks the components that do not check themselves.
   *
   * @throws TracingConfigException if one is out of range
   */
  public TracingConfig {
    if (!TraceLevel.isNumber(level)) {
      throw new TracingConfigException("the trace level must be 0, 1, 2 or 3, not " + level);
    }
    modules = Set.copyOf(modules);
    semconv = Set.copyOf(semconv);
    propagators = Set.copyOf(propagators);
    for (String propagator : propagators) {
      if (!Set.of("tracecontext", "baggage").contains(propagator)) {
        throw new TracingConfigException("expected tracecontext, baggage, both or none");
      }
    }
    if (abandonAfter.isNegative() || abandonAfter.isZero()) {
      throw new TracingConfigException(
          "the time after which a request is abandoned must be above 0");
    }
  }

  /** Whether there is anything to do: tracing is on and spans go somewhere. */
  public boolean active() {
    return enabled && exporter != TraceExporterKind.NONE;
  }

  /** A builder with every default. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this configuration. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /**
   * Reads the {@code OTEL_*} variables, then FastDeploy's, then takes defaults. A value that is not
   * understood counts as not set, since it may be meant for another program; if tracing is on, one
   * warning names its variable and what is done instead.
   *
   * @param environment usually {@code System.getenv()}
   */
  public static TracingConfig fromEnvironment(Map<String, String> environment) {
    return from(Map.of(), environment);
  }

  /**
   * Reads command-line options, then what {@link #fromEnvironment} reads.
   *
   * @param options by name as typed, such as {@code --otlp-traces-endpoint}; other names than those
   *     in the table of settings are ignored
   * @param environment usually {@code System.getenv()}
   * @throws TracingConfigException if an option has a bad value; the message names it
   */
  public static TracingConfig from(Map<String, String> options, Map<String, String> environment) {
    System.Logger log = System.getLogger("dev.serving.trace");
    return TracingSettings.read(
        options, environment, line -> log.log(System.Logger.Level.WARNING, "Tracing, " + line));
  }

  /** One line for the log: whether tracing is on and why, where spans go, and which share. */
  String summary() {
    if (!active()) {
      return "Tracing is off: " + (enabled ? "the exporter is none" : because) + ".";
    }
    String to =
        exporter == TraceExporterKind.CONSOLE
            ? "the console"
            : otlp.shownUri() + " by " + otlp.effectiveProtocol();
    return String.format(
        Locale.ROOT,
        "Tracing is on (%s): to %s, share %s, level %d.",
        because,
        to,
        sampling.ratio(),
        level);
  }

  /** Collects a {@link TracingConfig}. Not for use from several threads. */
  public static final class Builder {
    private boolean enabled;
    private TraceExporterKind exporter = TraceExporterKind.OTLP;
    private OtlpConfig otlp = OtlpConfig.DEFAULT;
    private Optional<OtlpConfig> copy = Optional.empty();
    private BatchConfig batch = BatchConfig.DEFAULT;
    private ServiceConfig service = ServiceConfig.DEFAULT;
    private SamplingConfig sampling = SamplingConfig.DEFAULT;
    private int level = 2;
    private Set<String> modules = Set.of();
    private boolean forcing;
    private SpanLimits limits = SpanLimits.builder().setMaxAttributeValueLength(16_384).build();
    private Duration abandonAfter = Duration.ofHours(1);
    private ContentConfig content = ContentConfig.DEFAULT;
    private Set<String> semconv = Set.of();
    private Set<String> propagators = Set.of("tracecontext", "baggage");
    private IdGenerator ids = IdGenerator.random();
    private boolean closedAtExit = true;
    private @Nullable LongSupplier clock;
    private AttributeRules attributeRules = AttributeRules.NONE;
    private String because = "nothing turns it on, as TRACES_ENABLE=true would";
    private final List<String> notes = new ArrayList<>();

    private Builder() {}

    private Builder(TracingConfig from) {
      enabled = from.enabled;
      exporter = from.exporter;
      otlp = from.otlp;
      copy = from.copy;
      batch = from.batch;
      service = from.service;
      sampling = from.sampling;
      level = from.level;
      modules = from.modules;
      forcing = from.forcing;
      limits = from.limits;
      abandonAfter = from.abandonAfter;
      content = from.content;
      semconv = from.semconv;
      propagators = from.propagators;
      ids = from.ids;
      closedAtExit = from.closedAtExit;
      clock = from.clock;
      attributeRules = from.attributeRules;
      because = from.because;
    }

    /** Turns tracing on or off. */
    public Builder enabled(boolean value) {
      return enabled(value, "the application says so");
    }

    Builder enabled(boolean value, String reason) {
      enabled = value;
      because = reason;
      return this;
    }

    /** Notes that a value was taken, but not as it stands. */
    void note(String text) {
      notes.add(text);
    }

    List<String> notes() {
      return notes;
    }

    Builder withoutNotes() {
      notes.clear();
      return this;
    }

    /** Sets where spans go. */
    public Builder exporter(TraceExporterKind value) {
      exporter = value;
      return this;
    }

    /** Sets the receiver's address: a URL, {@code host:port} or {@code host}. */
    public Builder endpoint(String value) {
      return otlp(o -> o.withEndpoint(value));
    }

    /** Changes how the receiver is reached. */
    public Builder otlp(UnaryOperator<OtlpConfig> change) {
      otlp = change.apply(otlp);
      return this;
    }

    /** Sets the address of another receiver, which gets copies; see {@link #copy}. */
    public Builder copyTo(String endpoint) {
      copy = Optional.of(OtlpConfig.DEFAULT.withEndpoint(endpoint));
      return this;
    }

    /** Changes the bounds of the way to the receiver. */
    public Builder batch(UnaryOperator<BatchConfig> change) {
      batch = change.apply(batch);
      return this;
    }

    /** Changes who makes the spans. */
    public Builder service(UnaryOperator<ServiceConfig> change) {
      service = change.apply(service);
      return this;
    }

    /** Sets {@code service.name}. */
    public Builder serviceName(String value) {
      return service(s -> s.withName(value));
    }

    /** Changes which requests are recorded. */
    public Builder sampling(UnaryOperator<SamplingConfig> change) {
      sampling = change.apply(sampling);
      return this;
    }

    /** Sets the level, 0 to 3. */
    public Builder level(int value) {
      level = value;
      return this;
    }

    /** Sets whose slices are recorded; empty for all. */
    public Builder modules(Set<String> value) {
      modules = value;
      return this;
    }

    /** Allows or forbids that a request's header forces its recording. */
    public Builder forcing(boolean value) {
      forcing = value;
      return this;
    }

    /** Changes the limits of one span. */
    public Builder limits(UnaryOperator<SpanLimits> change) {
      limits = change.apply(limits);
      return this;
    }

    /** Sets when an unfinished request is ended as truncated. */
    public Builder abandonAfter(Duration value) {
      abandonAfter = value;
      return this;
    }

    /** Changes what may be recorded of prompts and answers. */
    public Builder content(UnaryOperator<ContentConfig> change) {
      content = change.apply(content);
      return this;
    }

    /** Sets the opt-ins for names of attributes. */
    public Builder semconv(Set<String> value) {
      semconv = value;
      return this;
    }

    /** Sets which foreign headers are understood. */
    public Builder propagators(Set<String> value) {
      propagators = value;
      return this;
    }

    /** Sets what makes ids. */
    public Builder ids(IdGenerator value) {
      ids = value;
      return this;
    }

    /** Sets whether tracing closes itself when the process is told to end, the default. */
    public Builder closedAtExit(boolean value) {
      closedAtExit = value;
      return this;
    }

    /** Sets a clock in the host's place, in nanoseconds since the epoch: a test moves its own. */
    public Builder clock(LongSupplier value) {
      clock = value;
      return this;
    }

    /** Sets what becomes of attributes, by name, before they leave the process. */
    public Builder attributeRules(AttributeRules value) {
      attributeRules = value;
      return this;
    }

    /**
     * Makes the configuration.
     *
     * @throws TracingConfigException if a value is out of range
     */
    public TracingConfig build() {
      return new TracingConfig(
          enabled,
          exporter,
          otlp,
          copy,
          batch,
          service,
          sampling,
          level,
          modules,
          forcing,
          limits,
          abandonAfter,
          content,
          semconv,
          propagators,
          ids,
          closedAtExit,
          clock,
          attributeRules,
          because);
    }
  }
}
