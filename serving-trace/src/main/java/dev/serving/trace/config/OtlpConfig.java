package dev.serving.trace.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How to reach the receiver of OTLP. Immutable.
 *
 * @param endpoint a URL, {@code host:port} or {@code host}; empty for this machine and the usual
 *     port of the protocol
 * @param protocol how it travels; empty to use gRPC where the endpoint's port is 4317, else
 *     HTTP/protobuf
 * @param headers sent with each request; secret, so neither logged nor part of {@link #toString}
 * @param timeout of one attempt, from connecting to the last byte of the answer
 * @param gzip whether requests are compressed
 * @param certificate PEM file of the authorities to trust; empty for the JDK's
 * @param clientKey PEM file of the client's private key (PKCS#8); empty for none
 * @param clientCertificate PEM file of the client's chain; given exactly if {@code clientKey} is
 */
@RecordBuilder
public record OtlpConfig(
    String endpoint,
    Optional<OtlpProtocol> protocol,
    Map<String, String> headers,
    Duration timeout,
    boolean gzip,
    Optional<Path> certificate,
    Optional<Path> clientKey,
    Optional<Path> clientCertificate)
    implements OtlpConfigBuilder.With {

  private static final int MAX_HEADERS = 8192;

  /** This machine, no headers, ten seconds an attempt, no compression, the JDK's authorities. */
  public static final OtlpConfig DEFAULT =
      new OtlpConfig(
          "",
          Optional.empty(),
          Map.of(),
          Duration.ofSeconds(10),
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * Checks what can be checked without a network.
   *
   * @throws TracingConfigException if a component is unusable
   */
  public OtlpConfig {
    Map<String, String> own = Map.copyOf(headers);
    own.forEach(OtlpEndpoint::checkHeader);
    timeout = Bounds.positive("the OTLP timeout", timeout);
    if (own.toString().length() > MAX_HEADERS) {
      throw new TracingConfigException("The OTLP headers may be 8192 characters together.");
    }
    headers = new Headers(own);
    OtlpEndpoint.parse(endpoint, protocol);
  }

  /** Headers that keep their values to themselves, whoever prints them. */
  private static final class Headers extends AbstractMap<String, String> {
    private final Map<String, String> map;

    Headers(Map<String, String> map) {
      this.map = map;
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
      return map.entrySet();
    }

    @Override
    public String toString() {
      return keySet().toString();
    }
  }

  /** The protocol in use, chosen by the endpoint's port where none was given. */
  public OtlpProtocol effectiveProtocol() {
    return OtlpEndpoint.parse(endpoint, protocol).protocol();
  }

  /** Where requests go: for HTTP with its path, for gRPC without one. */
  public URI uri() {
    return OtlpEndpoint.parse(endpoint, protocol).uri();
  }

  /** The same for a log: a query may hold a key. */
  public String shownUri() {
    return uri().toString().replaceAll("\\?.*", "?…");
  }

  /**
   * Checks that a client has both a key and a certificate, or neither.
   *
   * @throws TracingConfigException if it has one of them
   */
  public void checkClient() {
    if (clientKey.isPresent() != clientCertificate.isPresent()) {
      throw new TracingConfigException(
          "OTEL_EXPORTER_OTLP_CLIENT_KEY and CLIENT_CERTIFICATE go together; only one is set");
    }
  }

  /** The same without a client's key and certificate. */
  public OtlpConfig withoutClient() {
    return withClientKey(Optional.empty()).withClientCertificate(Optional.empty());
  }

  /**
   * The same with the endpoint of the traces under a base that serves all signals, as {@code
   * OTEL_EXPORTER_OTLP_ENDPOINT} has it: {@code /v1/traces} follows whatever path there is.
   */
  public OtlpConfig withBaseEndpoint(String base) {
    return withEndpoint(OtlpEndpoint.underBase(base));
  }

  /** The same with a fixed protocol. */
  public OtlpConfig withProtocol(OtlpProtocol value) {
    return withProtocol(Optional.of(value));
  }

  /** The same with one header more. */
  public OtlpConfig withHeader(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return withHeaders(all);
  }

  /** The same with other authorities to trust. */
  public OtlpConfig withCertificate(Path pem) {
    return withCertificate(Optional.of(pem));
  }

  /** The same with another private key of the client. */
  public OtlpConfig withClientKey(Path pem) {
    return withClientKey(Optional.of(pem));
  }

  /** The same with another chain of the client. */
  public OtlpConfig withClientCertificate(Path pem) {
    return withClientCertificate(Optional.of(pem));
  }

  /** All but the values of the headers and of the endpoint's query. */
  @Override
  public String toString() {
    return "OtlpConfig[%s, %s, headers=%s, timeout=%s, gzip=%s]"
        .formatted(shownUri(), effectiveProtocol(), headers, timeout, gzip);
  }
}
