package dev.serving.viewer;

import com.google.protobuf.ByteString;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Has requests answered on worker threads, one at a time for each connection. */
final class Responder {
  private static final System.Logger LOG = System.getLogger(Responder.class.getName());
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Endpoint endpoint;
  private final Executor workers;
  private final BodyBudget unread;

  /**
   * Responds.
   *
   * @param unread bounds the answers that wait until they are read, over all connections
   */
  Responder(Endpoint endpoint, Executor workers, BodyBudget unread) {
    this.endpoint = endpoint;
    this.workers = workers;
    this.unread = unread;
  }

  /**
   * Answers on a worker; nothing more is read from the connection before the answer has left, so
   * that who does not read has one answer waiting and no more.
   */
  void respond(ChannelHandlerContext ctx, HttpRequest head, ByteString body, Runnable after) {
    ctx.channel().config().setAutoRead(false);
    try {
      workers.execute(() -> answerAndGoOn(ctx, head, body, after));
    } catch (RejectedExecutionException closing) {
      after.run();
      closeAfterWrites(ctx);
    }
  }

  private void answerAndGoOn(
      ChannelHandlerContext ctx, HttpRequest head, ByteString body, Runnable after) {
    Answer answer = answer(head, body);
    after.run();
    if (!ctx.executor().isShuttingDown()) {
      writeBounded(ctx, answer);
    }
  }

  private void writeBounded(ChannelHandlerContext ctx, Answer answer) {
    int bytes = answer.body().size();
    if (unread.take(bytes)) {
      write(ctx, answer, () -> unread.giveBack(bytes));
    } else {
      write(ctx, Answer.error(503, "too many answers wait to be read").with("Retry-After", "1"));
    }
  }

  void write(ChannelHandlerContext ctx, Answer answer) {
    write(ctx, answer, () -> {});
  }

  private static void write(ChannelHandlerContext ctx, Answer answer, Runnable written) {
    ctx.channel().config().setAutoRead(false);
    ctx.writeAndFlush(response(answer))
        .addListener(
            (ChannelFutureListener)
                done -> {
                  written.run();
                  if (done.isSuccess()) {
                    ctx.channel().config().setAutoRead(true);
                  } else {
                    closeNow(ctx);
                  }
                });
  }

  void closeAfterWrites(ChannelHandlerContext ctx) {
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Tells a sender that waits for it to send the body. */
  void goOn(ChannelHandlerContext ctx) {
    ctx.writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  static void closeNow(ChannelHandlerContext ctx) {
    ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }

  private Answer answer(HttpRequest head, ByteString body) {
    try {
      return endpoint.answer(HttpCall.of(head, body));
    } catch (IllegalArgumentException e) {
      return Answer.error(400, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a request to the viewer failed: " + head.uri(), e);
      return Answer.error(500, "the viewer failed to answer; its log says why");
    }
  }

  private static FullHttpResponse response(Answer answer) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body().asReadOnlyByteBuffer()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
        .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().size())
        .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY)
        .set("X-Content-Type-Options", "nosniff")
        .set("Referrer-Policy", "no-referrer");
    answer.headers().forEach(response.headers()::set);
    return response;
  }
}
