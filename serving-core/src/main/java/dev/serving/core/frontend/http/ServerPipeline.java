package dev.serving.core.frontend.http;

import dev.serving.core.config.HttpLimits;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.cors.CorsConfig;
import io.netty.handler.codec.http.cors.CorsHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** Builds what bytes go through, in reading order. */
final class ServerPipeline extends ChannelInitializer<SocketChannel> {
  private final HttpLimits limits;
  private final Router router;
  private final SslContext tls;
  private final CorsConfig cors;
  private final ClientMemory memory;
  private final Places places;
  private final int base;

  /**
   * TLS and CORS may be null: none.
   *
   * @throws IllegalArgumentException when the system lets this process have too few open files
   */
  ServerPipeline(
      HttpLimits limits,
      ClientMemory memory,
      int loops,
      Router router,
      SslContext tls,
      CorsConfig cors) {
    this.limits = limits;
    this.router = router;
    this.tls = tls;
    this.cors = cors;
    this.memory = memory;
    this.base = tls == null ? Connection.BASE : Connection.BASE + Connection.TLS;
    // Connections alone must not take the room of what comes over them.
    long room = Math.max(1, Math.min(limits.connections(), memory.most() / 4 / base));
    int places = OpenFiles.places(room);
    this.places = new Places(places, memory.most() / 2 / loops);
    if (places < room) {
      System.getLogger(ServerPipeline.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "the limit of open files leaves {0} connections of {1}: raise it (ulimit -n)",
              places,
              room);
    }
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    HttpCodec codec = new HttpCodec(decoder());
    Connection connection = new Connection(limits, router, codec, memory, places, base);
    if (tls != null) {
      pipeline.addLast("tls", tls.newHandler(channel.alloc()));
    }
    pipeline.addLast("slow-readers", slowReaders());
    pipeline.addLast("first-byte", connection.firstByte());
    pipeline.addLast("http", codec);
    if (cors != null) {
      pipeline.addLast("asked-headers", new AskedHeaders());
      pipeline.addLast("cors", new CorsHandler(cors));
    }
    pipeline.addLast("requests", connection);
  }

  /** How many connections are open. */
  int open() {
    return places.open();
  }

  /** How many may be. */
  int most() {
    return places.limit();
  }

  private IdleStateHandler slowReaders() {
    long millis = limits.writeTimeout().toMillis();
    return new IdleStateHandler(true, 0, millis, 0, TimeUnit.MILLISECONDS);
  }

  private HttpDecoderConfig decoder() {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(limits.lineBytes())
        .setMaxHeaderSize(limits.headerBytes());
  }
}
