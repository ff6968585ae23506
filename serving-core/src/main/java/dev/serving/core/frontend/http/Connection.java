package dev.serving.core.frontend.http;

import dev.serving.core.config.HttpLimits;
import dev.serving.core.fault.FatalError;
import dev.serving.core.frontend.api.ApiError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.CodecException;
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
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
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
  /** What a connection takes with its handlers and the kernel's reading, as measured, in bytes. */
  static final int BASE = 10 << 10;

  /** What a byte of a head may take: an entry, a name and a value for each {@code a:b}. */
  private static final int HEAD_BYTE = 32;

  private static final int SMALL_BODY = 64 << 10;
  private static final long LINGER_MILLIS = 2000;
  private static final String CONTINUE = "100-continue";

  private final HttpLimits limits;
  private final Router router;
  private final HttpCodec codec;
  private final ClientMemory memory;
  private final Holding holding;
  private final Places places;
  private final FirstByte firstByte = new FirstByte(this::requestStarted);
  private final SentAhead ahead = new SentAhead();
  private long headBytes;
  private long held;
  private ChannelHandlerContext context;
  private Future<?> deadline;
  private HttpRequest request;
  private Body body = new Body(0);
  private Exchange exchange;
  private Places.Place place;
  private boolean served;
  private boolean turning; // between an answer and the next request, which may have been sent ahead
  private boolean lingering; // nothing that still comes is looked at

  Connection(
      HttpLimits limits, Router router, HttpCodec codec, ClientMemory memory, Places places) {
    super(false);
    this.limits = limits;
    this.router = router;
    this.codec = codec;
    this.memory = memory;
    this.holding = memory.holding();
    this.places = places;
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

  @Override
  public void channelActive(ChannelHandlerContext ignored) {
    place = places.enter(this);
    holding.note(BASE);
    if (place == Places.Place.NONE) {
      context.close();
    } else {
      places.guests().unused(this);
    }
  }

  private void requestStarted() {
    if (exchange == null && !lingering) {
      places.guests().arrives(this);
      deadline(limits.requestTimeout(), () -> refuse(ApiError.slowRequest()));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ignored) {
    if (lingering || hold()) {
      return;
    }
    if (exchange == null) {
      refuse(ApiError.crowded());
    } else { // it sends ahead what there is no room for
      giveUp();
    }
  }

  /**
   * Counts what is held for this connection now; false when that is more than there is room for.
   */
  private boolean hold() {
    long decoding = lingering ? 0 : codec.undecoded() * HEAD_BYTE;
    return hold(decoding + headBytes + body.held() + ahead.held());
  }

  private boolean hold(long bytes) {
    Guests guests = places.guests();
    long more = bytes - held;
    boolean taken = true;
    if (more < 0) {
      guests.give(holding, -more);
    } else if (more > 0) {
      taken = guests.take(holding, more);
      while (!taken && guests.giveUpMemory(this, more)) {
        taken = guests.take(holding, more);
      }
    }
    held = taken ? bytes : held;
    return taken;
  }

  /** Whether it sent a whole request before. */
  boolean served() {
    return served;
  }

  /** Whether more of its answer waits for it than a client that reads would let wait. */
  boolean readsSlowly() {
    return exchange != null && exchange.backlog() > Exchange.FAIR_BACKLOG;
  }

  /** Whether its answer waits for it, since it has not even read what fits the sockets' buffers. */
  boolean isNotRead() {
    return exchange != null && unwritten() > 0;
  }

  private long unwritten() {
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  /** Ends what others need the room of. */
  void makeWay() {
    if (exchange != null) {
      exchange.cutOff();
    } else if (request == null && codec.undecoded() == 0) {
      context.close();
    } else {
      refuse(ApiError.crowded());
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ignored, HttpObject part) {
    if (lingering || (exchange != null && !exchange.keepAlive())) {
      ReferenceCountUtil.release(part); // nothing is served after this answer
    } else if (exchange == null && (!turning || ahead.isEmpty())) {
      if (turn()) {
        requestStarted();
      }
      take(part);
    } else {
      sentAhead(part);
    }
  }

  private void sentAhead(HttpObject part) {
    if (ahead.count(part) && hold()) {
      ahead.add(part);
    } else { // far more than a client may send ahead
      giveUp();
    }
    ReferenceCountUtil.release(part);
  }

  /** Closes; what was decoded already would otherwise go on coming, and lack what was dropped. */
  private void giveUp() {
    lingering = true;
    context.close();
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
    headBytes = SentAhead.weight(head);
    long announced = HttpUtil.getContentLength(head, 0L);
    body = new Body(announced);
    String expected = expected(head);
    Optional<ApiError> malformed = Malformed.error(head);
    if (malformed.isPresent()) {
      refuse(malformed.get());
    } else if (announced > mostBody()) {
      refuse(ApiError.tooLarge(mostBody()));
    } else if (!hold(headBytes)) {
      refuse(ApiError.crowded());
    } else if (unwanted(head, announced)) {
      RequestHead asked = Heads.of(head, context.channel(), firstByte.nanos());
      refuse(router.refusal(asked, place).orElseThrow());
    } else if (expected != null && !expected.equalsIgnoreCase(CONTINUE)) {
      refuse(ApiError.expectation(expected));
    } else if (expected != null) {
      context.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  /** What a client of HTTP/1.0 expects is not heard (RFC 9110, 10.1.1): it knows no 100. */
  private static String expected(HttpRequest head) {
    boolean heard = head.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
    return heard ? head.headers().get(HttpHeaderNames.EXPECT) : null;
  }

  /** What would be refused when it is whole is not read first if it is long, or has no place. */
  private boolean unwanted(HttpRequest head, long announced) {
    boolean large = announced > SMALL_BODY || HttpUtil.isTransferEncodingChunked(head);
    return (large || place == Places.Place.RESERVED)
        && router.refusal(Heads.of(head, context.channel(), firstByte.nanos()), place).isPresent();
  }

  /** What all of the room for what arrives could hold, while it grows from half of it. */
  private long mostBody() {
    return Math.min(limits.bodyBytes(), places.guests().limit() * 2 / 3);
  }

  private void append(HttpContent content) {
    ByteBuf bytes = content.content();
    int count = bytes.readableBytes();
    if (body.size() + (long) count > mostBody()) {
      refuse(ApiError.tooLarge(mostBody()));
      return;
    }
    // While an array grows, both are there.
    if (!hold(headBytes + body.held() + body.growthFor(count))) {
      refuse(ApiError.crowded());
      return;
    }
    body.append(bytes);
    if (content instanceof LastHttpContent) {
      start(HttpUtil.isKeepAlive(request) && place != Places.Place.RESERVED);
      served = true;
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
    places.guests().busy(this);
    RequestHead head = Heads.of(request, context.channel(), firstByte.nanos());
    exchange =
        new Exchange(
            head, body.toBytes(), context.channel(), keepAlive, limits.pendingBytes(), memory);
    exchange.holdRequest(headBytes);
    request = null;
    body = new Body(0);
    headBytes = 0;
    hold();
    exchange.ending().thenAccept(this::ended);
  }

  private void ended(Ending ending) {
    boolean keepAlive = exchange.keepAlive() && ending.kind() == Ending.Kind.WRITTEN;
    exchange = null;
    firstByte.reset();
    if (keepAlive) {
      turning = true;
      context.executor().execute(this::next); // not deeper in the stack for each waiting request
    } else if (ending.kind() == Ending.Kind.WRITTEN) {
      linger();
    } else {
      lingering = true; // it is gone, or soon will be
    }
  }

  /** It is the next request's turn from now on; false when that is so already, or never will be. */
  private boolean turn() {
    boolean due = turning && exchange == null && !lingering;
    turning = false;
    if (due) {
      deadline(limits.idleTimeout(), context::close);
      places.guests().unused(this);
    }
    return due;
  }

  private void next() {
    if (!turn()) {
      return;
    }
    while (exchange == null && !turning && !lingering && !ahead.isEmpty()) {
      requestStarted();
      take(ahead.remove());
    }
    if (exchange == null && !turning && !lingering && codec.undecoded() > 0) {
      requestStarted(); // a part of its head came with its forerunner
    }
  }

  /**
   * Says that no more comes and closes when the client does. A socket closed with unread bytes in
   * it is reset, and the client might never see the answer.
   */
  private void linger() {
    lingering = true;
    ahead.release();
    hold();
    places.guests().unused(this);
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
            && unwritten() > 0;
    if (stuck && exchange != null) {
      exchange.cutOff();
    } else if (stuck) {
      context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ignored) {
    lingering = true;
    deadline.cancel(false);
    ahead.release();
    hold(0);
    holding.close();
    places.leave();
    places.guests().gone(this);
    if (exchange != null) {
      exchange.end(Ending.Kind.CLIENT_GONE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
    FatalError.reportError(cause);
    // A reset or a failed handshake is the client's business; anything else would be a defect here.
    boolean theirs = cause instanceof IOException || cause instanceof CodecException;
    System.Logger.Level level = theirs ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
    System.getLogger(Connection.class.getName()).log(level, "a connection failed", cause);
    context.close();
  }
}
