package dev.serving.viewer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells HTTP/2 from HTTP/1 by the first bytes of a connection, so that gRPC, HTTP and the page
 * share a port. HTTP/2 always begins with {@code PRI}, which is no method of HTTP/1.
 */
final class ProtocolChoice extends ByteToMessageDecoder {
  private static final byte[] HTTP2 = "PRI".getBytes(StandardCharsets.US_ASCII);

  private final Consumer<ChannelPipeline> http1;
  private final Consumer<ChannelPipeline> http2;

  ProtocolChoice(Consumer<ChannelPipeline> http1, Consumer<ChannelPipeline> http2) {
    this.http1 = http1;
    this.http2 = http2;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int known = Math.min(in.readableBytes(), HTTP2.length);
    for (int i = 0; i < known; i++) {
      if (in.getByte(in.readerIndex() + i) != HTTP2[i]) {
        become(ctx, http1);
        return;
      }
    }
    if (known == HTTP2.length) {
      become(ctx, http2);
    }
  }

  /** Who breaks off, or speaks no TLS where it is wanted, is let go without a word. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Error) {
      ctx.fireExceptionCaught(cause);
    } else {
      ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
  }

  /** What was read so far goes to the new handlers when this one leaves. */
  private void become(ChannelHandlerContext ctx, Consumer<ChannelPipeline> protocol) {
    protocol.accept(ctx.pipeline());
    ctx.pipeline().remove(this);
  }
}
