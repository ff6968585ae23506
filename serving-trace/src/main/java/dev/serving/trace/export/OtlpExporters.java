package dev.serving.trace.export;

import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.config.TracingConfigException;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry's exporters of OTLP, as they are configured here: what goes over the wire is their
 * business. They neither try again nor count: both is ours.
 */
final class OtlpExporters {
  private static final String HEARD = "io.opentelemetry.sdk.common.export.HttpSenderProvider";

  private static final String NO_CLIENT =
      "There is no client of OTLP on the class path: spans leave by opentelemetry-exporter-otlp with"
          + " one of its senders, as opentelemetry-exporter-sender-okhttp. Add them, or give another"
          + " exporter.";

  private static final Duration LONGEST = Duration.ofDays(1);

  private OtlpExporters() {}

  /**
   * Delivers as the configuration says.
   *
   * @param maxBytes of one message
   * @throws TracingConfigException if it names files that cannot be used, or an address that no
   *     client takes, or there is no client
   */
  static SpanCourier courier(OtlpConfig config, int maxBytes) {
    try {
      return made(config, maxBytes);
    } catch (IllegalArgumentException ours) {
      throw ours instanceof TracingConfigException
          ? ours
          : new TracingConfigException("OTLP's endpoint is not usable: " + config.shownUri(), ours);
    } catch (IllegalStateException | LinkageError e) {
      throw new TracingConfigException(NO_CLIENT, e);
    }
  }

  /**
   * Checks the client's key and certificates, if it has any.
   *
   * @throws TracingConfigException if they cannot be used
   */
  static void checkClient(OtlpConfig config) {
    if (config.clientKey().isPresent()) {
      client(config, OtlpHttpSpanExporter.builder()::setClientTls);
    }
  }

  private static SpanCourier made(OtlpConfig config, int maxBytes) {
    // Before OpenTelemetry 1.59 nobody can hear more than the exporter says: yes or no.
    if (!present(HEARD)) {
      return new ExporterCourier(exporter(config, null));
    }
    OtlpAnswers answers = new OtlpAnswers(config, maxBytes);
    return new OtlpCourier(exporter(config, answers));
  }

  private static SpanExporter exporter(OtlpConfig config, @Nullable OtlpAnswers answers) {
    return config.effectiveProtocol() == OtlpProtocol.GRPC
        ? grpc(config, answers)
        : http(config, answers);
  }

  private static SpanExporter http(OtlpConfig config, @Nullable OtlpAnswers answers) {
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(config.uri().toString())
            .setTimeout(timeout(config))
            .setConnectTimeout(timeout(config))
            .setCompression(config.gzip() ? "gzip" : "none")
            .setRetryPolicy(null)
            .setMeterProvider(MeterProvider.noop());
    config.headers().forEach(builder::addHeader);
    trusted(config, builder::setTrustedCertificates);
    client(config, builder::setClientTls);
    return answers == null ? builder.build() : answers.heardBy(builder);
  }

  private static SpanExporter grpc(OtlpConfig config, @Nullable OtlpAnswers answers) {
    OtlpGrpcSpanExporterBuilder builder =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(config.uri().toString())
            .setTimeout(timeout(config))
            .setConnectTimeout(timeout(config))
            .setCompression(config.gzip() ? "gzip" : "none")
            .setRetryPolicy(null)
            .setMeterProvider(MeterProvider.noop());
    config.headers().forEach(builder::addHeader);
    trusted(config, builder::setTrustedCertificates);
    client(config, builder::setClientTls);
    return answers == null ? builder.build() : answers.heardBy(builder);
  }

  // Clients count milliseconds in 32 bits.
  private static Duration timeout(OtlpConfig config) {
    return Collections.min(List.of(config.timeout(), LONGEST));
  }

  private interface Trust {
    Object accept(byte[] certificates);
  }

  private interface Identity {
    Object accept(byte[] key, byte[] certificates);
  }

  private static void trusted(OtlpConfig config, Trust builder) {
    if (config.certificate().isEmpty()) {
      return;
    }
    Path file = config.certificate().get();
    byte[] pem = bytes("CERTIFICATE", file);
    try {
      if (!new String(pem, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE")) {
        throw new IllegalArgumentException("no certificate begins in it");
      }
      var unused = builder.accept(pem);
    } catch (RuntimeException e) {
      throw unusable("CERTIFICATE", file, "PEM certificates", e);
    }
  }

  private static void client(OtlpConfig config, Identity builder) {
    config.checkClient();
    if (config.clientKey().isEmpty()) {
      return;
    }
    Path key = config.clientKey().get();
    Optional<Path> chain = config.clientCertificate();
    byte[] keyPem = bytes("CLIENT_KEY", key);
    byte[] chainPem = bytes("CLIENT_CERTIFICATE", chain.orElseThrow());
    try {
      var unused = builder.accept(keyPem, chainPem);
    } catch (RuntimeException e) {
      String expected =
          "an unencrypted PKCS#8 key (openssl pkcs8 -topk8 -nodes) with its certificates in "
              + chain.get();
      throw unusable("CLIENT_KEY", key, expected, e);
    }
  }

  private static byte[] bytes(String setting, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unusable(setting, file, "PEM that can be read", e);
    }
  }

  private static TracingConfigException unusable(
      String setting, Path file, String expected, Exception cause) {
    return new TracingConfigException(
        "OTEL_EXPORTER_OTLP_%s: %s does not hold %s".formatted(setting, file, expected), cause);
  }

  private static boolean present(String type) {
    try {
      Class<?> unused = Class.forName(type, false, OtlpExporters.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
