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
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLException;

/**
 * A certificate and its key, with which a viewer proves who it is and hides what it is sent.
 *
 * @param certificates the chain, the viewer's own first
 * @param key the private key of the first
 */
public record ViewerTls(List<X509Certificate> certificates, PrivateKey key) {
  /** Checks that both are there. */
  public ViewerTls {
    certificates = List.copyOf(certificates);
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
      return SslContextBuilder.forServer(key, certificates)
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
}
