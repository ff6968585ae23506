package dev.serving.core.frontend.http;

import dev.serving.core.config.HttpLimits;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.fault.FatalError;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.cors.CorsConfig;
import io.netty.handler.codec.http.cors.CorsConfigBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The listening HTTP server. */
public final class HttpServer implements AutoCloseable {
  /**
   * Whoever lets more wait than the first does not read, until less waits than the other. A client
   * that reads lets a few tokens wait; what is left is enough until the engine has gone on.
   */
  private static final int MUCH_UNREAD = 32 << 10;

  private static final int LITTLE_UNREAD = 16 << 10;

  private final EventLoopGroup loops;
  private final ServerPipeline pipeline;
  private final Channel channel;
  private final URI uri;
  private volatile boolean closing;

  private HttpServer(EventLoopGroup loops, ServerPipeline pipeline, Channel channel, URI uri) {
    this.loops = loops;
    this.pipeline = pipeline;
    this.channel = channel;
    this.uri = uri;
    loops.forEach(loop -> loop.terminationFuture().addListener(f -> loopEnded()));
  }

  /** Netty logs what ends a loop and lets the others go on; its connections would hang. */
  private void loopEnded() {
    if (!closing) {
      FatalError.report(new IllegalStateException("an event loop has ended; the log says why"));
    }
  }

  /**
   * Listens.
   *
   * @param listen where
   * @param limits what one client may cost
   * @param memory bounds what is held for all clients
   * @param threads event loops
   * @param router who answers
   * @throws UncheckedIOException when the address cannot be bound; the message names the options
   * @throws IllegalArgumentException when the certificate or key cannot be used, or this process
   *     may have too few open files
   */
  public static HttpServer start(
      ListenConfig listen, HttpLimits limits, ClientMemory memory, int threads, Router router) {
    ServerPipeline pipeline =
        new ServerPipeline(
            limits, memory, threads, router, tls(listen), cors(listen.corsOrigins()));
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("http"), NioIoHandler.newFactory());
    ChannelFuture bound = bootstrap(loops, pipeline).bind(address(listen)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
      throw cannotListen(listen, bound.cause());
    }
    bound.channel().pipeline().addLast("open-files", new OpenFiles());
    return new HttpServer(loops, pipeline, bound.channel(), uri(listen, bound.channel()));
  }

  private static UncheckedIOException cannotListen(ListenConfig listen, Throwable cause) {
    String address = listen.host() + ":" + listen.port();
    return new UncheckedIOException(
        "cannot listen on %s (%s); choose another --host or --port"
            .formatted(address, reason(cause)),
        new IOException(cause));
  }

  private static String reason(Throwable cause) {
    return cause instanceof UnresolvedAddressException
        ? "the host name is unknown"
        : cause.getMessage();
  }

  private static ServerBootstrap bootstrap(EventLoopGroup loops, ServerPipeline pipeline) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(LITTLE_UNREAD, MUCH_UNREAD))
        .childHandler(pipeline);
  }

  private static InetSocketAddress address(ListenConfig listen) {
    return new InetSocketAddress(listen.host(), listen.port());
  }

  private static SslContext tls(ListenConfig listen) {
    if (listen.tls().isEmpty()) {
      return null;
    }
    try {
      return TlsFiles.open(listen.tls().get());
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--ssl-certfile and --ssl-keyfile cannot be used: " + e.getMessage(), e);
    }
  }

  private static CorsConfig cors(Set<String> origins) {
    if (origins.isEmpty()) {
      return null;
    }
    CorsConfigBuilder builder =
        origins.contains("*")
            ? CorsConfigBuilder.forAnyOrigin()
            : CorsConfigBuilder.forOrigins(origins.toArray(String[]::new));
    return builder
        .allowedRequestMethods(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT)
        .exposeHeaders("x-request-id", "x-trace-id", "retry-after")
        .build();
  }

  private static URI uri(ListenConfig listen, Channel channel) {
    int port = ((InetSocketAddress) channel.localAddress()).getPort();
    String host = listen.host().contains(":") ? "[" + listen.host() + "]" : listen.host();
    return URI.create((listen.tls().isPresent() ? "https://" : "http://") + host + ":" + port);
  }

  /**
   * Looks whether connections could be had at all: whoever opens much before he starts a server is
   * told so by a line that says what to do, and not by what can be opened no more.
   *
   * @throws IllegalArgumentException when the system lets this process have too few open files
   */
  public static void checkOpenFiles() {
    OpenFiles.check();
  }

  /** Where it listens. */
  public URI uri() {
    return uri;
  }

  /** How many connections are open. */
  public int connections() {
    return pipeline.open();
  }

  /** How many connections may be open. */
  public int mostConnections() {
    return pipeline.most();
  }

  /** The event loops. */
  public List<Executor> eventLoops() {
    List<Executor> executors = new ArrayList<>();
    loops.forEach(executors::add);
    return executors;
  }

  /** Takes no more connections; those that are open go on. */
  public void stopAccepting() {
    channel.close().awaitUninterruptibly();
  }

  /** Closes every connection. */
  @Override
  public void close() {
    closing = true;
    stopAccepting();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
