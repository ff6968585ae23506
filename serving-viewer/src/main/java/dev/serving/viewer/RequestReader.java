package dev.serving.viewer;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads one request after the other from a connection and has each answered. A request that is
 * refused gets its answer at once, and the rest of it is read and thrown away so that the sender
 * comes to see that answer. Confined to the connection's event loop.
 */
final class RequestReader extends SimpleChannelInboundHandler<HttpObject> {
  // Times the idle handler's period.
  private static final int MAX_IDLE = 10;

  private final Refusal refusal;
  private final BodyBudget budget;
  private final int maxBody;
  private final Responder responder;
  private final ErrorWatch watch;

  private HttpRequest head;
  private ByteString.Output body;
  private long seen;
  private long taken;
  private boolean refused;
  private int idle;

  RequestReader(
      Refusal refusal, BodyBudget budget, int maxBody, Responder responder, ErrorWatch watch) {
    this.refusal = refusal;
    this.budget = budget;
    this.maxBody = maxBody;
    this.responder = responder;
    this.watch = watch;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) throws IOException {
    if (message.decoderResult().isFailure()) {
      refuse(ctx, Answer.error(400, "this is no HTTP request"));
      responder.closeAfterWrites(ctx);
      return;
    }
    if (message instanceof HttpRequest request) {
      begin(ctx, request);
    }
    if (message instanceof HttpContent content) {
      take(ctx, content.content());
      if (content instanceof LastHttpContent) {
        end(ctx);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    giveBack();
    ctx.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    // Senders keep connections between batches; one that stalls inside a request, or does not read
    // its answer, is let go soon.
    boolean answering = !ctx.channel().config().isAutoRead();
    if (event instanceof IdleStateEvent && (body != null || answering || ++idle > MAX_IDLE)) {
      Responder.closeNow(ctx);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A connection that breaks is its client's business; an error is not.
    watch.see(cause);
    Responder.closeNow(ctx);
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    head = request;
    body = ByteString.newOutput();
    seen = 0;
    idle = 0;
    refused = false;
    Optional<Answer> no = refusal.ofHead(request);
    if (no.isPresent()) {
      refuse(ctx, no.get());
    } else if (HttpUtil.getContentLength(request, 0L) > maxBody) {
      refuse(ctx, refusal.tooLarge(request));
    } else if (HttpUtil.is100ContinueExpected(request)) {
      responder.goOn(ctx);
    }
  }

  private void take(ChannelHandlerContext ctx, ByteBuf content) throws IOException {
    int bytes = content.readableBytes();
    seen += bytes;
    if (refused) {
      closeIfEndless(ctx);
    } else if (seen > maxBody) {
      refuse(ctx, refusal.tooLarge(head));
    } else if (refusal.wantsBody(head) && bytes > 0) {
      keep(ctx, content, bytes);
    }
  }

  private void keep(ChannelHandlerContext ctx, ByteBuf content, int bytes) throws IOException {
    if (!budget.take(bytes)) {
      refuse(ctx, refusal.busy(head));
      return;
    }
    taken += bytes;
    content.readBytes(body, bytes);
  }

  private void end(ChannelHandlerContext ctx) {
    if (!refused) {
      long held = taken;
      taken = 0;
      ByteString whole = body.toByteString();
      responder.respond(ctx, head, whole, () -> budget.giveBack(held));
    }
    body = null;
  }

  private void refuse(ChannelHandlerContext ctx, Answer answer) {
    refused = true;
    giveBack();
    body = null;
    responder.write(ctx, answer);
    if (head != null && HttpUtil.is100ContinueExpected(head)) {
      // The sender may skip its body now or send it after all: only a new connection is sure.
      responder.closeAfterWrites(ctx);
    }
  }

  private void closeIfEndless(ChannelHandlerContext ctx) {
    if (seen > 2L * maxBody) {
      Responder.closeNow(ctx);
    }
  }

  private void giveBack() {
    budget.giveBack(taken);
    taken = 0;
  }
}
