package dev.serving.viewer;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.net.ssl.SSLException;

/**
 * A certificate and its key, with which a viewer proves who it is and hides what it is sent.
 *
 * @param certificates the chain, PEM, the viewer's own first
 * @param key the private key, PEM in PKCS#8, not encrypted
 */
public record ViewerTls(String certificates, String key) {
  /** Checks that both are there. */
  public ViewerTls {
    Objects.requireNonNull(certificates, "certificates");
    Objects.requireNonNull(key, "key");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "ViewerTls[…]";
  }

  /** Speaks HTTP/2, as gRPC must, and HTTP/1.1, on one port. */
  SslContext context() {
    try {
      return SslContextBuilder.forServer(stream(certificates), stream(key))
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  ApplicationProtocolNames.HTTP_2,
                  ApplicationProtocolNames.HTTP_1_1))
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new ViewerException("the certificate and its key cannot be used: " + e.getMessage(), e);
    }
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
