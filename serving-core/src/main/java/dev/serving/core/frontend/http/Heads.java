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
    String uri = request == null ? "" : request.uri();
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
}
