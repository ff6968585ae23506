package dev.serving.core.frontend.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lets pages of an allowed origin send whatever headers their clients send: a preflight is told
 * that it may have those that it asks for. Headers give no rights here, and a list would be behind
 * the next version of some client. Before Netty's own handler, which decides on the origin.
 */
final class AskedHeaders extends ChannelDuplexHandler {
  private String asked;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      asked =
          request.method().equals(HttpMethod.OPTIONS)
              ? asked(request.headers().getAll(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS))
              : null;
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (asked != null
        && message instanceof HttpResponse response
        && response.headers().contains(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN)) {
      // One by one: these headers of Netty's put quotes around a value with commas.
      response.headers().set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, names());
      response.headers().remove(HttpHeaderNames.DATE); // in quotes, so no date
      asked = null;
    }
    context.write(message, promise);
  }

  /** A list may come in several headers of the same name (RFC 9110, 5.3). */
  private static String asked(List<String> lists) {
    return lists.isEmpty() ? null : String.join(",", lists);
  }

  private List<String> names() {
    return Stream.of(asked.split(",")).map(String::strip).toList();
  }
}
