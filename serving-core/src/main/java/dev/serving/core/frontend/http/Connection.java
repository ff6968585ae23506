package dev.serving.core.frontend.http;

import dev.serving.core.config.HttpLimits;
import dev.serving.core.fault.FatalError;
import dev.serving.core.frontend.api.ApiError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * One connection: gathers a request, hands it to the router, waits until it is answered, goes on
 * with the next. Used by its event loop only.
 *
 * <p>While a request is being answered the connection still reads, or it would not see that the
 * client is gone; requests that come meanwhile wait, within bounds.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what a channel cannot do it tells its pipeline
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
  private static final int MAX_WAITING = 256;
  private static final long LINGER_MILLIS = 2000;
  private static final String CONTINUE = "100-continue";

  private final HttpLimits limits;
  private final Router router;
  private final FirstByte firstByte = new FirstByte(this::requestStarted);
  private final Queue<HttpObject> waiting = new ArrayDeque<>();
  private ChannelHandlerContext context;
  private Future<?> deadline;
  private HttpRequest request;
  private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private Exchange exchange;
  private boolean lingering;

  Connection(HttpLimits limits, Router router) {
    super(false);
    this.limits = limits;
    this.router = router;
  }

  /** The handler that goes before the HTTP codec. */
  FirstByte firstByte() {
    return firstByte;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    deadline(limits.idleTimeout(), context::close);
  }

  private void requestStarted() {
    if (exchange == null && !lingering) {
      deadline(limits.requestTimeout(), () -> refuse(ApiError.slowRequest()));
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ignored, HttpObject part) {
    if (lingering || (exchange != null && !exchange.keepAlive())) {
      ReferenceCountUtil.release(part); // nothing is served after this answer
    } else if (exchange == null) {
      take(part);
    } else if (waiting.size() < MAX_WAITING) {
      waiting.add(part);
    } else { // far more than a client may send ahead
      ReferenceCountUtil.release(part);
      context.close();
    }
  }

  private void take(HttpObject part) {
    try {
      if (part.decoderResult().isFailure()) {
        refuse(Malformed.error(part.decoderResult().cause()));
        return;
      }
      if (part instanceof HttpRequest head) {
        begin(head);
      }
      if (part instanceof HttpContent content && exchange == null && !lingering) {
        append(content);
      }
    } finally {
      ReferenceCountUtil.release(part);
    }
  }

  private void begin(HttpRequest head) {
    request = head;
    body = new ByteArrayOutputStream(0);
    String expected = head.headers().get(HttpHeaderNames.EXPECT);
    Optional<ApiError> malformed = Malformed.error(head);
    if (malformed.isPresent()) {
      refuse(malformed.get());
    } else if (HttpUtil.getContentLength(head, 0L) > limits.bodyBytes()) {
      refuse(ApiError.tooLarge(limits.bodyBytes()));
    } else if (expected != null && !expected.equalsIgnoreCase(CONTINUE)) {
      refuse(ApiError.expectation(expected));
    } else if (expected != null) {
      context.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void append(HttpContent content) {
    ByteBuf bytes = content.content();
    if (body.size() + bytes.readableBytes() > limits.bodyBytes()) {
      refuse(ApiError.tooLarge(limits.bodyBytes()));
      return;
    }
    try {
      bytes.readBytes(body, bytes.readableBytes());
    } catch (IOException e) {
      throw new IllegalStateException("an array takes every byte", e);
    }
    if (content instanceof LastHttpContent) {
      start(HttpUtil.isKeepAlive(request));
      router.handle(exchange);
    }
  }

  /** Answers what is no whole request; the rest of it is thrown away and the connection closed. */
  private void refuse(ApiError error) {
    start(false);
    router.refuse(exchange, error);
  }

  private void start(boolean keepAlive) {
    deadline.cancel(false);
    RequestHead head = Heads.of(request, context.channel(), firstByte.nanos());
    exchange =
        new Exchange(head, body.toByteArray(), context.channel(), keepAlive, limits.pendingBytes());
    request = null;
    body = new ByteArrayOutputStream(0);
    exchange.ending().thenAccept(this::ended);
  }

  private void ended(Ending ending) {
    boolean keepAlive = exchange.keepAlive() && ending.kind() == Ending.Kind.WRITTEN;
    exchange = null;
    firstByte.reset();
    if (keepAlive) {
      context.executor().execute(this::next); // not deeper in the stack for each waiting request
    } else if (ending.kind() == Ending.Kind.WRITTEN) {
      linger();
    }
  }

  private void next() {
    deadline(limits.idleTimeout(), context::close);
    while (exchange == null && !lingering && !waiting.isEmpty()) {
      requestStarted();
      take(waiting.remove());
    }
  }

  /**
   * Says that no more comes and closes when the client does. A socket closed with unread bytes in
   * it is reset, and the client might never see the answer.
   */
  private void linger() {
    lingering = true;
    releaseWaiting();
    if (context.pipeline().get(SslHandler.class) != null) {
      context.close();
      return;
    }
    ((DuplexChannel) context.channel()).shutdownOutput();
    deadline(Duration.ofMillis(LINGER_MILLIS), context::close);
  }

  private void deadline(Duration time, Runnable action) {
    if (deadline != null) {
      deadline.cancel(false);
    }
    deadline = context.executor().schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
    boolean stuck =
        event instanceof IdleStateEvent idle
            && idle.state() == IdleState.WRITER_IDLE
            && context.channel().unsafe().outboundBuffer() != null
            && context.channel().unsafe().outboundBuffer().totalPendingWriteBytes() > 0;
    if (stuck && exchange != null) {
      exchange.cutOff();
    } else if (stuck) {
      context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ignored) {
    deadline.cancel(false);
    releaseWaiting();
    if (exchange != null) {
      exchange.end(Ending.Kind.CLIENT_GONE);
    }
  }

  private void releaseWaiting() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
    FatalError.reportError(cause);
    // A reset or a failed handshake is the client's business; anything else would be a defect here.
    System.Logger.Level level =
        cause instanceof IOException ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
    System.getLogger(Connection.class.getName()).log(level, "a connection failed", cause);
    context.close();
  }
}
