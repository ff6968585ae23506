package dev.serving.core.frontend.http;

import dev.serving.core.config.HttpLimits;
import dev.serving.core.fault.FatalError;
import dev.serving.core.frontend.api.ApiError;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
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
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

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

  /** What it takes besides where it is encrypted: keys, and the buffers of both directions. */
  static final int TLS = 54 << 10;

  /** What a byte of a head may take: an entry, a name and a value for each {@code a:b}. */
  private static final int HEAD_BYTE = 32;

  private static final long LINGER_MILLIS = 2000;

  private final HttpLimits limits;
  private final Router router;
  private final HttpCodec codec;
  private final ClientMemory memory;
  private final HeldBytes held;
  private final Intake intake;
  private final Places places;
  private final int base;
  private final FirstByte firstByte = new FirstByte(this::requestStarted);
  private final SentAhead ahead = new SentAhead();
  private final Deadline deadline = new Deadline();
  private ChannelHandlerContext context;
  private Exchange exchange;
  private Places.Place place;
  private boolean served;
  private boolean turning; // between an answer and the next request, which may have been sent ahead
  private boolean lingering; // nothing that still comes is looked at

  Connection(
      HttpLimits limits,
      Router router,
      HttpCodec codec,
      ClientMemory memory,
      Places places,
      int base) {
    super(false);
    this.limits = limits;
    this.router = router;
    this.codec = codec;
    this.memory = memory;
    this.places = places;
    held = new HeldBytes(this, places, memory.holding());
    intake = new Intake(limits, router, places, held);
    this.base = base;
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
    held.note(base);
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
    return held.set(decoding + intake.arrival().held() + ahead.held());
  }

  /** Whether another may have its place. */
  boolean hasFreePlace() {
    return place == Places.Place.FREE;
  }

  /** Its place is another's now; it is about to end. */
  void handPlaceOn() {
    place = Places.Place.HANDED_ON;
  }

  /** Bytes that are held of what it sends and nothing serves yet. */
  long heldBytes() {
    return held.count();
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
    } else if (intake.arrival().head() == null && codec.undecoded() == 0) {
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
      Optional<ApiError> refusal = intake.take(part, place, this::head);
      if (refusal.isPresent()) {
        refuse(refusal.get());
      } else if (part instanceof LastHttpContent) {
        serve();
      } else if (part instanceof HttpRequest && intake.arrival().waitsForContinue()) {
        context.writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
      }
    } finally {
      ReferenceCountUtil.release(part);
    }
  }

  private RequestHead head() {
    return Heads.of(intake.arrival().head(), context.channel(), firstByte.nanos());
  }

  private void serve() {
    boolean more = place != Places.Place.RESERVED;
    start(more && HttpUtil.isKeepAlive(intake.arrival().head()), intake.arrival().body());
    served = true;
    router.handle(exchange);
  }

  /** Answers what is no whole request; the rest of it is thrown away and the connection closed. */
  private void refuse(ApiError error) {
    start(false, Exchange.NO_BODY);
    router.refuse(exchange, error);
  }

  private void start(boolean keepAlive, byte[] body) {
    deadline.cancel();
    places.guests().busy(this);
    RequestHead head = head();
    Arrival whole = intake.remove();
    exchange = new Exchange(head, body, context.channel(), keepAlive, mostUnread(), memory);
    exchange.holdRequest(whole.headBytes());
    hold();
    exchange.ending().thenAccept(this::ended);
  }

  /** What may wait for one client: no more than a small part of what may wait for all. */
  private int mostUnread() {
    long part = Math.max(Exchange.FAIR_BACKLOG, memory.most() / 256);
    return (int) Math.min(limits.pendingBytes(), part);
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
    deadline.set(context.executor(), time, action);
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

  /** Netty's two marks say when a client lets too much wait, and when little again. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ignored) {
    if (exchange != null) {
      exchange.reads(context.channel().isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ignored) {
    lingering = true;
    deadline.cancel();
    ahead.release();
    held.close();
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
