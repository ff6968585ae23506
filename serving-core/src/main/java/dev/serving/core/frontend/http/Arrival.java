package dev.serving.core.frontend.http;

import dev.serving.core.frontend.api.ApiError;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Optional;

/**
 * A request that is not whole yet: its head, and what is there of its body. Used by the
 * connection's event loop only.
 */
final class Arrival {
  private static final int SMALL_BODY = 64 << 10;
  private static final String CONTINUE = "100-continue";

  private final HttpRequest head;
  private final long headBytes;
  private final long announced;
  private final Body body;

  private Arrival(HttpRequest head, long headBytes, long announced) {
    this.head = head;
    this.headBytes = headBytes;
    this.announced = announced;
    body = new Body(announced);
  }

  /** Nothing has come. */
  static Arrival none() {
    return new Arrival(null, 0, 0);
  }

  /** A head has come. */
  static Arrival of(HttpRequest head) {
    return new Arrival(head, SentAhead.weight(head), HttpUtil.getContentLength(head, 0L));
  }

  /** The head; null where none has come. */
  HttpRequest head() {
    return head;
  }

  /** Bytes of memory that the head takes. */
  long headBytes() {
    return headBytes;
  }

  /** Bytes of a body that the head announces; 0 where it does not say. */
  long announced() {
    return announced;
  }

  /** Whether the body is long, or of unknown length. */
  boolean isLarge() {
    return announced > SMALL_BODY || HttpUtil.isTransferEncodingChunked(head);
  }

  /** Why what its client expects cannot be. */
  Optional<ApiError> unmetExpectation() {
    String expected = expected();
    return expected == null || expected.equalsIgnoreCase(CONTINUE)
        ? Optional.empty()
        : Optional.of(ApiError.expectation(expected));
  }

  /** Whether its client waits for a word before it sends the body. */
  boolean waitsForContinue() {
    return expected() != null;
  }

  /** What a client of HTTP/1.0 expects is not heard (RFC 9110, 10.1.1): it knows no 100. */
  private String expected() {
    boolean heard = head.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
    return heard ? head.headers().get(HttpHeaderNames.EXPECT) : null;
  }

  /** How long the body becomes by so many bytes more. */
  long sizeWith(int more) {
    return body.size() + (long) more;
  }

  /** Bytes of memory that it takes. */
  long held() {
    return headBytes + body.held();
  }

  /**
   * Bytes of memory that it takes while it grows by so many: while an array grows, both are there.
   */
  long heldWhileGrowing(int more) {
    return held() + body.growthFor(more);
  }

  /** Some of the body has come. */
  void append(ByteBuf bytes) {
    body.append(bytes);
  }

  /** The body so far. */
  byte[] body() {
    return body.toBytes();
  }
}
