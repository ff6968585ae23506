package dev.serving.viewer;

import com.google.protobuf.ByteString;
import dev.serving.viewer.chart.Printable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** One gRPC call on one HTTP/2 stream. Confined to the connection's event loop. */
final class GrpcCall extends SimpleChannelInboundHandler<Http2StreamFrame> {
  private final GrpcReceiver receiver;
  private final Door.Side door;
  private final BodyBudget budget;
  private final Executor workers;
  private final ErrorWatch watch;

  private final ByteString.Output data = ByteString.newOutput();
  private Http2Headers head;
  private int taken;
  private long ignored;
  private boolean answered;

  GrpcCall(
      GrpcReceiver receiver,
      Door.Side door,
      BodyBudget budget,
      Executor workers,
      ErrorWatch watch) {
    this.receiver = receiver;
    this.door = door;
    this.budget = budget;
    this.workers = workers;
    this.watch = watch;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame)
      throws IOException {
    if (answered) {
      resetIfEndless(ctx, frame);
    } else if (frame instanceof Http2HeadersFrame headers && head == null) {
      begin(ctx, headers.headers());
      endIf(headers.isEndStream(), ctx);
    } else if (frame instanceof Http2DataFrame part) {
      take(ctx, part.content());
      endIf(part.isEndStream(), ctx);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    giveBack();
    ctx.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent) {
      reset(ctx, Http2Error.CANCEL);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    watch.see(cause);
    reset(ctx, Http2Error.INTERNAL_ERROR);
  }

  private void begin(ChannelHandlerContext ctx, Http2Headers headers) {
    head = headers;
    Optional<GrpcReply> no = receiver.ofHead(headers, door);
    if (no.isPresent()) {
      refuse(ctx, no.get());
    }
  }

  private void take(ChannelHandlerContext ctx, ByteBuf part) throws IOException {
    int bytes = part.readableBytes();
    if (taken + (long) bytes > receiver.maxData()) {
      refuse(ctx, receiver.tooLarge());
    } else if (!budget.take(bytes)) {
      refuse(ctx, receiver.busy());
    } else {
      taken += bytes;
      part.readBytes(data, bytes);
    }
  }

  private void endIf(boolean end, ChannelHandlerContext ctx) {
    if (!end || answered) {
      return;
    }
    answered = true;
    int held = taken;
    taken = 0;
    ByteString whole = data.toByteString();
    try {
      workers.execute(
          () -> {
            GrpcReply reply = receiver.export(head, whole);
            budget.giveBack(held);
            if (!ctx.executor().isShuttingDown()) {
              reply(ctx, reply);
            }
          });
    } catch (RejectedExecutionException closing) {
      budget.giveBack(held);
      reset(ctx, Http2Error.CANCEL);
    }
  }

  /** Replies before the call is read; the sender stops when it sees that. */
  private void refuse(ChannelHandlerContext ctx, GrpcReply reply) {
    answered = true;
    giveBack();
    reply(ctx, reply);
  }

  private void resetIfEndless(ChannelHandlerContext ctx, Http2StreamFrame frame) {
    if (frame instanceof Http2DataFrame part) {
      ignored += part.content().readableBytes();
    }
    if (ignored > receiver.maxData()) {
      reset(ctx, Http2Error.ENHANCE_YOUR_CALM);
    }
  }

  private static void reply(ChannelHandlerContext ctx, GrpcReply reply) {
    Http2Headers headers =
        new DefaultHttp2Headers().status("200").set("content-type", "application/grpc");
    Http2Headers ending = reply.status() == 0 ? new DefaultHttp2Headers() : headers;
    ending.setInt("grpc-status", reply.status());
    if (reply.status() == 0) {
      ByteBuf message =
          Unpooled.wrappedBuffer(GrpcMessage.wrap(reply.message()).asReadOnlyByteBuffer());
      send(ctx, new DefaultHttp2HeadersFrame(headers));
      send(ctx, new DefaultHttp2DataFrame(message));
    } else {
      ending.set("grpc-message", percentEncoded(reply.reason()));
    }
    send(ctx, new DefaultHttp2HeadersFrame(ending, true));
  }

  private static void reset(ChannelHandlerContext ctx, Http2Error error) {
    send(ctx, new DefaultHttp2ResetFrame(error));
  }

  private static void send(ChannelHandlerContext ctx, Http2StreamFrame frame) {
    ctx.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  /** gRPC allows printable ASCII in a message but for the percent sign. */
  private static String percentEncoded(String reason) {
    return Printable.text(reason).replace("%", "%25");
  }

  private void giveBack() {
    budget.giveBack(taken);
    taken = 0;
  }
}
