package dev.serving.core.frontend.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

/**
 * The parts of requests that a client sends while one of its requests is being answered: they wait,
 * within bounds. Used by the connection's event loop only.
 */
final class SentAhead {
  /** What a header takes beside its name and its value, in bytes. */
  private static final int HEADER = 136;

  private static final int PART = 256;
  private static final int MOST = 64 << 10;

  private final Queue<HttpObject> parts = new ArrayDeque<>();
  private long bytes;

  /** Counts a part as held; false when it is more than a client may send ahead. */
  boolean count(HttpObject part) {
    bytes += PART + weight(part);
    return bytes <= MOST;
  }

  /**
   * Keeps a part that was counted. Copied, since a few bytes would keep all that came with them.
   */
  void add(HttpObject part) {
    parts.add(part instanceof HttpContent content ? copy(content) : part);
  }

  private static HttpContent copy(HttpContent content) {
    if (!content.decoderResult().isSuccess()) {
      return content.retain();
    }
    return content.replace(Unpooled.copiedBuffer(content.content()));
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** Hands out the oldest part, which is the caller's to release. */
  HttpObject remove() {
    HttpObject part = parts.remove();
    bytes -= PART + weight(part);
    return part;
  }

  /** Bytes that the parts take. */
  long held() {
    return bytes;
  }

  void release() {
    parts.forEach(ReferenceCountUtil::release);
    parts.clear();
    bytes = 0;
  }

  private static long weight(HttpObject part) {
    return part instanceof HttpContent content
        ? content.content().readableBytes()
        : weight((HttpRequest) part);
  }

  /** Bytes that the head of a request takes. */
  static long weight(HttpRequest head) {
    long bytes = 2L * head.uri().length();
    for (Map.Entry<String, String> header : head.headers()) {
      bytes += HEADER + header.getKey().length() + header.getValue().length();
    }
    return bytes;
  }
}
