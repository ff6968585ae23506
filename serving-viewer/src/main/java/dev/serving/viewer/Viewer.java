package dev.serving.viewer;

import dev.serving.viewer.store.TraceStore;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A running trace viewer: OTLP comes in and a page goes out, on one port.
 *
 * <pre>{@code
 * try (Viewer viewer = Viewer.start(ViewerConfig.defaults().withPort(0))) {
 *   System.out.println("send OTLP to, and look at, " + viewer.uri());
 * }
 * }</pre>
 *
 * <p>Holds four daemon threads. Safe for use from any thread.
 */
public final class Viewer implements AutoCloseable {
  private static final int EVENT_LOOPS = 2;
  private static final int WORKERS = 2;
  private static final int STOP_SECONDS = 2;

  private final TraceStore store;
  private final EventLoopGroup loops;
  private final ExecutorService workers;
  private final Channel channel;
  private final URI uri;

  private Viewer(TraceStore store, EventLoopGroup loops, ExecutorService workers, Channel channel) {
    this.store = store;
    this.loops = loops;
    this.workers = workers;
    this.channel = channel;
    this.uri = uriOf((InetSocketAddress) channel.localAddress());
  }

  /**
   * Listens and returns when connections are accepted.
   *
   * @throws ViewerException if the address cannot be had; the message says what to change
   */
  public static Viewer start(ViewerConfig config) {
    TraceStore store = new TraceStore(config.maxSpans(), config.maxBytes());
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("viewer-io", true), NioIoHandler.newFactory());
    ExecutorService workers =
        Executors.newFixedThreadPool(WORKERS, new DefaultThreadFactory("viewer-worker", true));
    try {
      Connections connections = new Connections(config, store, workers);
      return new Viewer(store, loops, workers, bind(config, connections, loops));
    } catch (RuntimeException e) {
      stop(loops, workers);
      throw e;
    }
  }

  /** Address of the page; OTLP goes to {@code /v1/traces} below it. */
  public URI uri() {
    return uri;
  }

  /** What has been received. */
  public TraceStore store() {
    return store;
  }

  /** Stops listening and ends all connections; what the store holds stays readable. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    stop(loops, workers);
  }

  private static Channel bind(ViewerConfig config, Connections connections, EventLoopGroup loops) {
    ServerBootstrap server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            // Small answers must not wait for the delayed acknowledgement of the one before.
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(connections);
    var bound = server.bind(config.host(), config.port()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new ViewerException(reason(config, bound.cause()), bound.cause());
    }
    return bound.channel();
  }

  private static String reason(ViewerConfig config, Throwable cause) {
    String where = config.host() + " port " + config.port();
    if (cause instanceof UnresolvedAddressException) {
      return "cannot listen on " + where + ": the host name is unknown";
    }
    if (cause instanceof BindException && config.port() != 0) {
      return "cannot listen on %s: %s; choose another port, or 0 for any free one"
          .formatted(where, cause.getMessage());
    }
    return "cannot listen on " + where + ": " + cause.getMessage();
  }

  private static URI uriOf(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    if (address.getAddress().isAnyLocalAddress()) {
      host = "127.0.0.1";
    }
    return URI.create(
        "http://%s:%d/".formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort()));
  }

  /** Answers under way are finished first; then the threads that would send them end. */
  private static void stop(EventLoopGroup loops, ExecutorService workers) {
    workers.shutdown();
    try {
      if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
    loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
