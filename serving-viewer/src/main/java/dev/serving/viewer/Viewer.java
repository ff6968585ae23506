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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A running trace viewer: OTLP comes in and a page goes out, on one port.
 *
 * <pre>{@code
 * try (Viewer viewer = Viewer.start(ViewerConfig.defaults().withPort(0))) {
 *   System.out.println("send OTLP to, and look at, " + viewer.uri());
 * }
 * }</pre>
 *
 * <p>Holds five daemon threads. Safe for use from any thread.
 */
public final class Viewer implements AutoCloseable {
  private static final int EVENT_LOOPS = 2;
  private static final int WORKERS = 2;
  private static final int STOP_SECONDS = 2;

  private final TraceStore store;
  private final EventLoopGroup loops;
  private final ExecutorService workers;
  private final StoreKeeper keeper;
  private final Channel channel;
  private final List<URI> addresses;

  private Viewer(
      TraceStore store,
      StoreKeeper keeper,
      EventLoopGroup loops,
      ExecutorService workers,
      Channel channel,
      String scheme) {
    this.store = store;
    this.keeper = keeper;
    this.loops = loops;
    this.workers = workers;
    this.channel = channel;
    this.addresses = Addresses.of(scheme, (InetSocketAddress) channel.localAddress());
  }

  /**
   * Listens and returns when connections are accepted.
   *
   * @throws ViewerException if the address cannot be had; the message says what to change
   */
  public static Viewer start(ViewerConfig config) {
    return start(config, error -> {});
  }

  /**
   * As {@link #start(ViewerConfig)}, for who can end the process.
   *
   * @param onError told by any thread of the viewer that met an error (no memory, for one), after
   *     which the viewer may be half dead
   * @throws ViewerException if the address cannot be had, or others could reach it and no token is
   *     set; the message says what to change
   */
  public static Viewer start(ViewerConfig config, Consumer<Error> onError) {
    requireToken(config);
    TraceStore store = new TraceStore(config.store());
    ErrorWatch watch = new ErrorWatch(onError);
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS, new DefaultThreadFactory("viewer-io", true), NioIoHandler.newFactory());
    ExecutorService workers =
        Executors.newFixedThreadPool(WORKERS, new DefaultThreadFactory("viewer-worker", true));
    try {
      Executor watched = work -> workers.execute(watch.over(work));
      Connections connections = new Connections(config, store, watched, watch);
      Channel channel = bind(config, connections, loops);
      String scheme = config.tls().isPresent() ? "https" : "http";
      return new Viewer(store, StoreKeeper.start(store, watch), loops, workers, channel, scheme);
    } catch (RuntimeException e) {
      stop(loops, workers);
      StoreKeeper.close(store);
      throw e;
    }
  }

  /** Address of the page; OTLP goes to {@code /v1/traces} below it. */
  public URI uri() {
    return addresses.get(0);
  }

  /** The same for every interface of the machine that it listens on. */
  public List<URI> addresses() {
    return addresses;
  }

  /** A token that nobody guesses, for {@link ViewerConfig#withToken}. */
  public static String randomToken() {
    return Bearer.random();
  }

  /** Whether only this machine reaches that address; an unknown name is nobody's. */
  public static boolean isLoopback(String host) {
    InetAddress address = new InetSocketAddress(host, 0).getAddress();
    return address == null || address.isLoopbackAddress();
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
    keeper.close();
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

  private static void requireToken(ViewerConfig config) {
    if (config.token().isEmpty() && !isLoopback(config.host())) {
      throw new ViewerException(
          "other machines reach " + config.host() + ": a viewer there needs a token", null);
    }
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
