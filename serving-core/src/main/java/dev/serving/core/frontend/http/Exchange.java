package dev.serving.core.frontend.http;

import dev.serving.core.fault.FatalError;
import dev.serving.core.frontend.api.ApiError;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One request and its answer.
 *
 * <p>Answered once: whole by {@link #answer}, or as a stream by {@link #open}, {@link #send} and
 * {@link #finish}. These may be called by any thread, a stream's by one thread at a time; none
 * blocks. What is said after the end is dropped.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what a channel cannot do it tells its pipeline
public final class Exchange {
  /** What may wait for a client in any case: one that reads lets no more wait. */
  static final int FAIR_BACKLOG = 64 << 10;

  /**
   * What the kernel may hold of a stream (Linux takes twice as much, a part of it for itself): it
   * hides from here that nobody reads. Tokens of one come no faster than a few dozen kB a second.
   */
  private static final int STREAM_BUFFER = 16 << 10;

  /** Likewise of a whole answer, which is all there and may be large. */
  private static final int WHOLE_BUFFER = 256 << 10;

  static final byte[] NO_BODY = {};

  private final ClientMemory memory;
  private final Holding holding;
  private final RequestHead head;
  private volatile byte[] body;
  private final Channel channel;
  private volatile boolean keepAlive;
  private final int pendingBytes;
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicLong bodyBytes = new AtomicLong();
  private volatile String client;
  private volatile int status;
  private volatile long unread;
  private Wakeups wakeups;
  private volatile ReadingListener reading = (reads, nanos) -> {};

  Exchange(
      RequestHead head,
      byte[] body,
      Channel channel,
      boolean keepAlive,
      int pendingBytes,
      ClientMemory memory) {
    this.memory = memory;
    this.holding = memory.holding();
    this.head = head;
    this.body = body;
    this.channel = channel;
    this.keepAlive = keepAlive;
    this.pendingBytes = pendingBytes;
  }

  /** What the request says before its body. */
  public RequestHead head() {
    return head;
  }

  /** The request's body, empty if it has none or it is {@link #forgetBody forgotten}. */
  public byte[] body() {
    return body;
  }

  /** The body is not needed any more. What was made of it still counts as much as it did. */
  public void forgetBody() {
    body = NO_BODY;
  }

  /** Whose request it is: who shares a key, or an address where none is asked for. */
  public String client() {
    return client == null ? head.clientAddress() : client;
  }

  /** It came with a key: not the key itself, which nobody needs to hold. */
  void client(String name) {
    client = name;
  }

  /** Counts the request, which its connection held until now. */
  void holdRequest(long headBytes) {
    holding.note(headBytes + body.length);
  }

  /**
   * Counts bytes that are about to be held for this request, until it has ended or they are {@link
   * #release released}. Any thread.
   *
   * @return false when they are more than there is room for; then they must not be taken
   */
  public boolean hold(long bytes) {
    return holding.grow(bytes);
  }

  /** Gives back what was held. Any thread. */
  public void release(long bytes) {
    holding.shrink(bytes);
  }

  /** Who hears whether the client reads what is sent; to be told before anything is. */
  public void onReading(ReadingListener listener) {
    reading = listener;
  }

  /** So much of the answer waits for its client that it does not read, or so little again. */
  void reads(boolean now) {
    reading.reads(now, System.nanoTime());
  }

  /** The status of the answer, 0 until there is one. */
  public int status() {
    return status;
  }

  /** Completes once, on the connection's event loop: all is written, or the client is gone. */
  public CompletionStage<Ending> ending() {
    return ending;
  }

  /** Whether all is written or the client is gone. */
  public boolean ended() {
    return ending.isDone();
  }

  /** Adds a header to the answer that is yet to come. */
  public void header(String name, String value) {
    headers.put(name, value);
  }

  /** Answers with an error, in the shape of OpenAI's API. */
  public void answer(ApiError error) {
    if (error.retryAfterSeconds() > 0) {
      header("retry-after", Integer.toString(error.retryAfterSeconds()));
    }
    if (error.status() == 401) {
      header("www-authenticate", "Bearer");
    }
    answer(error.status(), "application/json", error.body());
  }

  /** Answers with a whole body. */
  public void answer(int newStatus, String contentType, byte[] content) {
    status = newStatus;
    bodyBytes.addAndGet(content.length);
    holding.note(content.length);
    onLoop(
        () -> {
          DefaultFullHttpResponse response =
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1,
                  HttpResponseStatus.valueOf(newStatus),
                  Unpooled.wrappedBuffer(content));
          prepare(response, contentType);
          sendBuffer(WHOLE_BUFFER);
          HttpUtil.setContentLength(response, content.length);
          last(response);
        });
  }

  /** Begins a stream. */
  public void open(int newStatus, String contentType) {
    status = newStatus;
    boolean chunks = isChunked();
    keepAlive &= chunks; // without chunks only the end of the connection ends a stream
    onLoop(
        () -> {
          HttpResponse response =
              new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(newStatus));
          prepare(response, contentType);
          sendBuffer(STREAM_BUFFER);
          HttpUtil.setTransferEncodingChunked(response, chunks);
          channel.writeAndFlush(response, channel.voidPromise());
        });
  }

  /** HTTP/1.0 knows no chunks. */
  private boolean isChunked() {
    return head.version().equals("1.1");
  }

  /** What is set for good: the kernel's own growth would hide who does not read. */
  private void sendBuffer(int bytes) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_SNDBUF, bytes);
    }
  }

  /** Pieces come from one thread only, which wakes the event loop when it has given what it has. */
  public void piecesBy(Wakeups thread) {
    wakeups = thread;
  }

  /**
   * Sends a piece of a stream. Whoever goes on although the client {@link #onReading does not read}
   * has it cut off.
   *
   * @return false when the client is gone or was cut off
   */
  public boolean send(byte[] piece) {
    if (ended()) {
      return false;
    }
    if (backlog() > pendingBytes || takesTooMuch()) {
      cutOff();
      return false;
    }
    queuedBytes.addAndGet(piece.length);
    if (wakeups == null) {
      onLoop(() -> write(piece));
    } else {
      wakeups.give(channel.eventLoop(), () -> guarded(() -> write(piece)));
    }
    return true;
  }

  private void write(byte[] piece) {
    queuedBytes.addAndGet(-piece.length);
    bodyBytes.addAndGet(piece.length);
    channel.writeAndFlush(new StreamPiece(piece, isChunked()), channel.voidPromise());
    countUnread();
  }

  /** Where memory is short, it is short of who lets the most wait. */
  private boolean takesTooMuch() {
    return memory.crowded() && backlog() > FAIR_BACKLOG;
  }

  /** Bytes of the answer that the client has not taken. Any thread. */
  long backlog() {
    return queuedBytes.get() + unread;
  }

  /** On the event loop, after each piece; the last one's is given back when it is written. */
  private void countUnread() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long now = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    if (now > unread) {
      holding.note(now - unread);
    } else {
      holding.shrink(unread - now);
    }
    unread = now;
  }

  /** Ends a stream. */
  public void finish() {
    onLoop(() -> last(LastHttpContent.EMPTY_LAST_CONTENT));
  }

  private void prepare(HttpResponse response, String contentType) {
    headers.forEach(response.headers()::set);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
    response.headers().set("x-content-type-options", "nosniff");
    if (!keepAlive()) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (!head.version().equals("1.1")) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }

  private void last(Object message) {
    ChannelFuture written = channel.writeAndFlush(message);
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    unread = buffer == null ? 0 : buffer.totalPendingWriteBytes(); // a whole answer is counted
    written.addListener(f -> end(f.isSuccess() ? Ending.Kind.WRITTEN : Ending.Kind.CLIENT_GONE));
  }

  /** Whether the connection serves further requests after this one. */
  boolean keepAlive() {
    return keepAlive;
  }

  /** Closes the connection on a client that does not read. */
  void cutOff() {
    onLoop(
        () -> {
          end(Ending.Kind.CLIENT_SLOW);
          channel.close();
        });
  }

  /** Ends the exchange; on the event loop. Whoever has it in a queue holds no body by it. */
  void end(Ending.Kind kind) {
    forgetBody();
    holding.close();
    ending.complete(new Ending(kind, System.nanoTime(), bodyBytes.get()));
  }

  private void onLoop(Runnable work) {
    if (channel.eventLoop().inEventLoop()) {
      work.run();
    } else {
      channel.eventLoop().execute(() -> guarded(work));
    }
  }

  /** Netty logs what a task throws and goes on, and the client would wait for ever. */
  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      FatalError.reportError(e);
      channel.pipeline().fireExceptionCaught(e);
    }
  }
}
