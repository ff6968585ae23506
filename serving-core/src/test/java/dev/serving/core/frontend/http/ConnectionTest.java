package dev.serving.core.frontend.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.ApiKeys;
import dev.serving.core.config.HttpLimits;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.frontend.http.Router.Route;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In what order one connection serves what it is sent. The test is its event loop. */
final class ConnectionTest {
  private final List<Exchange> asked = new ArrayList<>();
  private final Router router =
      new Router(
          ApiKeys.none(),
          ListenConfig.DEFAULT,
          List.of(Route.of("POST", "/work", asked::add), Route.of("GET", "/now", this::answer)),
          (method, path, status) -> {});
  private final EmbeddedChannel channel = channel();

  private EmbeddedChannel channel() {
    ClientMemory memory = new ClientMemory(4 << 20);
    HttpCodec codec = new HttpCodec(new HttpDecoderConfig());
    Connection connection =
        new Connection(
            HttpLimits.DEFAULT, router, codec, memory, new Places(9, 1 << 20), Connection.BASE);
    return new EmbeddedChannel(connection.firstByte(), codec, connection);
  }

  private void answer(Exchange exchange) {
    exchange.answer(200, "text/plain", ("<" + exchange.head().query() + ">").getBytes(UTF_8));
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, US_ASCII);
  }

  private static String post(String body) {
    return "POST /work HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String now(String query) {
    return "GET /now?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private String said() {
    StringBuilder said = new StringBuilder();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      said.append(part.toString(UTF_8));
      part.release();
    }
    return said.toString();
  }

  /** What comes between an answer and the next request's turn comes behind what came before. */
  @Test
  void whatWasSentAheadComesFirst() {
    String second = post("second");
    channel.writeInbound(bytes(post("first") + second.substring(0, second.length() - 3)));
    asked.get(0).answer(200, "text/plain", "1".getBytes(UTF_8)); // its turn is over, as a task
    channel.pipeline().fireChannelRead(bytes(second.substring(second.length() - 3) + now("third")));
    channel.runPendingTasks();
    assertThat(asked).hasSize(2);
    assertThat(asked.get(1).body()).asString(UTF_8).isEqualTo("second");
    assertThat(said()).doesNotContain("<third>");
    asked.get(1).answer(200, "text/plain", "2".getBytes(UTF_8));
    channel.runPendingTasks();
    assertThat(said()).containsSubsequence("\r\n\r\n2", "<third>");
  }

  /** A request that takes longer than an unused connection may live is not ended by that. */
  @Test
  void whoIsServedAfterAnswersThatTookNoTimeIsNotUnused() {
    channel.writeInbound(bytes(post("first") + now("a") + now("b") + post("long")));
    asked.get(0).answer(200, "text/plain", "1".getBytes(UTF_8));
    channel.runPendingTasks();
    assertThat(said()).contains("<a>", "<b>");
    assertThat(asked).hasSize(2);
    channel.advanceTimeBy(10, TimeUnit.MINUTES);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isTrue();
    asked.get(1).answer(200, "text/plain", "2".getBytes(UTF_8));
    assertThat(said()).endsWith("2");
  }

  /** A head for which there is no room is dropped with its connection, and so is its body. */
  @Test
  void whatFollowsWhatWasDroppedIsDropped() {
    channel.writeInbound(bytes(post("first")));
    String large = post("x".repeat(70_000));
    channel.writeInbound(bytes(large + now("a") + now("b")));
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(asked).hasSize(1);
    assertThat(asked.get(0).ended()).isTrue();
    channel.checkException();
  }

  /** The rest of what was refused is dropped, also where its client did not stay to hear that. */
  @Test
  void whatIsRefusedToWhoHasLeftIsDroppedWhole() {
    channel.pipeline().addFirst(new Gone());
    String twoHosts = post("body").replace("Host: x", "Host: x\r\nHost: y");
    channel.writeInbound(bytes(twoHosts + now("a")));
    channel.runPendingTasks();
    channel.checkException();
    assertThat(asked).isEmpty();
  }

  /** A client to whom nothing can be written any more. */
  private static final class Gone extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ReferenceCountUtil.release(message);
      promise.setFailure(new ClosedChannelException());
    }
  }
}
