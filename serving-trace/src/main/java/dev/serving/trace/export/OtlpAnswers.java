package dev.serving.trace.export;

import dev.serving.trace.config.OtlpConfig;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears what receivers answer to an exporter, of which the exporter itself says but yes or no. It
 * stands, as OpenTelemetry's interfaces for senders allow, between the exporter and whatever sender
 * is there; the exporter is told that all went well, since what did not is told by us, and once.
 */
final class OtlpAnswers implements ComponentLoader {
  // An exporter sends on the thread that exports.
  private static final ThreadLocal<CompletableFuture<SpanReceipt>> NEXT = new ThreadLocal<>();

  private final OtlpConfig config;
  private final int maxBytes;

  /**
   * Hears one exporter's answers.
   *
   * @param config where they come from
   * @param maxBytes longer messages are not sent
   */
  OtlpAnswers(OtlpConfig config, int maxBytes) {
    this.config = config;
    this.maxBytes = maxBytes;
  }

  // Here and not where exporters are made, since an older OpenTelemetry lacks these types.
  SpanExporter heardBy(OtlpHttpSpanExporterBuilder exporter) {
    return exporter.setComponentLoader(this).build();
  }

  SpanExporter heardBy(OtlpGrpcSpanExporterBuilder exporter) {
    return exporter.setComponentLoader(this).build();
  }

  /** What comes of the request that the calling thread makes the exporter send next. */
  static CompletableFuture<SpanReceipt> ofNextRequest() {
    CompletableFuture<SpanReceipt> receipt = new CompletableFuture<>();
    NEXT.set(receipt);
    return receipt;
  }

  @Override
  public <T> Iterable<T> load(Class<T> type) {
    if (type == HttpSenderProvider.class) {
      HttpSenderProvider found = first(HttpSenderProvider.class);
      HttpSenderProvider heard = config -> new Http(this, found.createSender(config));
      return List.of(type.cast(heard));
    } else if (type == GrpcSenderProvider.class) {
      GrpcSenderProvider found = first(GrpcSenderProvider.class);
      GrpcSenderProvider heard = config -> new Grpc(this, found.createSender(config));
      return List.of(type.cast(heard));
    }
    return forClassLoader().load(type);
  }

  // Of several, the one that OpenTelemetry's property for this names.
  private static <T> T first(Class<T> type) {
    String wanted = System.getProperty(type.getName(), "");
    @Nullable T first = null;
    for (T provider : forClassLoader().load(type)) {
      if (first == null || provider.getClass().getName().equals(wanted)) {
        first = provider;
      }
    }
    if (first == null) {
      throw new IllegalStateException("there is no " + type.getName() + " on the class path");
    }
    return first;
  }

  private static ComponentLoader forClassLoader() {
    return ComponentLoader.forClassLoader(OtlpAnswers.class.getClassLoader());
  }

  /** Passes a message on, and says of its answer that all went well. */
  private <A> void pass(
      MessageWriter message, Sending<A> sender, Reading<A> reading, Runnable well) {
    CompletableFuture<SpanReceipt> receipt = NEXT.get();
    Consumer<SpanReceipt> heard =
        told -> {
          receipt.complete(told);
          well.run();
        };
    int length = message.getContentLength();
    if (length > maxBytes) {
      heard.accept(new SpanReceipt.TooLarge());
    } else {
      sender.send(
          message,
          answer -> heard.accept(reading.read(answer, length)),
          error -> heard.accept(OtlpAnswer.broken(error, config)));
    }
  }

  private interface Sending<A> {
    void send(MessageWriter message, Consumer<A> onResponse, Consumer<Throwable> onError);
  }

  private interface Reading<A> {
    SpanReceipt read(A answer, long sent);
  }

  private record Http(OtlpAnswers answers, HttpSender sender) implements HttpSender {
    @Override
    public void send(
        MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
      answers.pass(message, sender::send, OtlpAnswer::read, () -> onResponse.accept(new Well()));
    }

    @Override
    public CompletableResultCode shutdown() {
      return sender.shutdown();
    }
  }

  private record Grpc(OtlpAnswers answers, GrpcSender sender) implements GrpcSender {
    @Override
    public void send(
        MessageWriter message, Consumer<GrpcResponse> onResponse, Consumer<Throwable> onError) {
      answers.pass(
          message, sender::send, OtlpAnswer::read, () -> onResponse.accept(new WellOverGrpc()));
    }

    @Override
    public CompletableResultCode shutdown() {
      return sender.shutdown();
    }
  }

  private record Well() implements HttpResponse {
    @Override
    public int getStatusCode() {
      return 200;
    }

    @Override
    public String getStatusMessage() {
      return "";
    }

    @Override
    public byte[] getResponseBody() {
      return new byte[0];
    }
  }

  private record WellOverGrpc() implements GrpcResponse {
    @Override
    public GrpcStatusCode getStatusCode() {
      return GrpcStatusCode.OK;
    }

    @Override
    public String getStatusDescription() {
      return "";
    }

    @Override
    public byte[] getResponseMessage() {
      return new byte[0];
    }
  }
}
