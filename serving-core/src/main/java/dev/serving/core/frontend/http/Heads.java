package dev.serving.core.frontend.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;

/** Makes {@link RequestHead}s of what Netty decoded. */
final class Heads {
  private Heads() {}

  /** The head of a request; one that is empty when there was no readable one. */
  static RequestHead of(HttpRequest request, Channel channel, long firstByteNanos) {
    String uri = request == null ? "" : withoutAuthority(request.uri());
    int mark = uri.indexOf('?');
    return new RequestHead(
        request == null ? "" : request.method().name(),
        mark < 0 ? uri : uri.substring(0, mark),
        mark < 0 ? null : uri.substring(mark + 1),
        request != null && request.protocolVersion().minorVersion() == 0 ? "1.0" : "1.1",
        channel.pipeline().get(SslHandler.class) != null,
        request == null ? new DefaultHttpHeaders() : request.headers(),
        channel.remoteAddress(),
        channel.localAddress(),
        firstByteNanos);
  }

  /** Proxies may ask for {@code http://host/path}, which is as good as {@code /path}. */
  private static String withoutAuthority(String uri) {
    int authority = uri.regionMatches(true, 0, "http", 0, 4) ? uri.indexOf("://") : -1;
    if (authority < 0) {
      return uri;
    }
    int path = uri.indexOf('/', authority + 3);
    return path < 0 ? "/" : uri.substring(path);
  }
}
