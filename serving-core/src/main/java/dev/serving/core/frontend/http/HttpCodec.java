package dev.serving.core.frontend.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Netty's HTTP codec, and how much of what was read is in it: a head that never ends is in nobody
 * else's hands. The answer to HEAD has no body, which only the encoder can know.
 */
final class HttpCodec
    extends CombinedChannelDuplexHandler<HttpRequestDecoder, HttpResponseEncoder> {
  private final Queue<Boolean> heads = new ArrayDeque<>();
  private final Decoder decoder;

  HttpCodec(HttpDecoderConfig config) {
    decoder = new Decoder(config);
    init(decoder, new Encoder());
  }

  /** Bytes that were read and have not become a part of a request yet. */
  long undecoded() {
    return decoder.consumed + decoder.left;
  }

  private final class Decoder extends HttpRequestDecoder {
    private long consumed;
    private long left;

    Decoder(HttpDecoderConfig config) {
      super(config);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
        throws Exception {
      int parts = out.size();
      int before = in.readableBytes();
      super.decode(context, in, out);
      left = in.readableBytes();
      consumed = out.size() > parts ? 0 : consumed + before - left;
      for (int i = parts; i < out.size(); i++) {
        if (out.get(i) instanceof HttpRequest request) {
          heads.add(request.method().equals(HttpMethod.HEAD));
        }
      }
    }
  }

  private final class Encoder extends HttpResponseEncoder {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
        throws Exception {
      if (message instanceof StreamPiece piece) {
        context.write(piece.encode(context.alloc()), promise);
      } else {
        super.write(context, message, promise);
      }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
      if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
        return true;
      }
      Boolean head = heads.poll();
      return (head != null && head) || super.isContentAlwaysEmpty(response);
    }
  }
}
