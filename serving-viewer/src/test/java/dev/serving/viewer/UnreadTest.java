package dev.serving.viewer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is held for those who ask and do not read, or connect and do not ask. */
class UnreadTest {
  private static final Answer HUNDRED = text(200, "x".repeat(100));

  private static Answer text(int status, String text) {
    return Answer.of(status, "text/plain", ByteString.copyFromUtf8(text));
  }

  private final AtomicInteger made = new AtomicInteger();
  private final Unread unread = new Unread();

  private EmbeddedChannel connection(Responder responder) {
    return new EmbeddedChannel(
        unread,
        new FlowControlHandler(),
        new RequestReader(
            new Anybody(), new BodyBudget(1), 1, responder, new ErrorWatch(error -> {})));
  }

  private Responder responder(long mostUnread) {
    Endpoint endpoint =
        call -> {
          made.incrementAndGet();
          return HUNDRED;
        };
    return new Responder(endpoint, Runnable::run, new BodyBudget(mostUnread));
  }

  private static void ask(EmbeddedChannel connection) {
    connection.writeInbound(
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/anything"));
  }

  @Test
  void whoDoesNotReadHasOneAnswerWaiting() {
    EmbeddedChannel connection = connection(responder(1000));
    for (int i = 0; i < 5; i++) {
      ask(connection);
    }
    assertThat(made).hasValue(1);
    unread.readOne();
    connection.runPendingTasks();
    assertThat(made).hasValue(2);
  }

  @Test
  void allWhoDoNotReadHaveABoundTogether() {
    Responder responder = responder(250);
    List<EmbeddedChannel> connections = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      connections.add(connection(responder));
      ask(connections.get(i));
    }
    assertThat(unread.statuses()).containsExactly(200, 200, 503);
    unread.readOne();
    ask(connections.get(0));
    assertThat(unread.statuses()).containsExactly(200, 503, 200);
  }

  @Test
  void theLongestSilentMakesWayForANewcomer() throws IOException {
    List<Socket> silent = new ArrayList<>();
    try (Viewer viewer = Viewer.start(ViewerConfig.defaults().withPort(0))) {
      Socket first = connect(viewer);
      silent.add(first);
      first
          .getOutputStream()
          .write("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      assertThat(first.getInputStream().read()).isEqualTo('H'); // each loop lets in at its own pace
      for (int i = 1; i < Crowd.MOST + 10; i++) {
        silent.add(connect(viewer));
      }
      first.getInputStream().readAllBytes(); // the rest of its answer
      assertThat(first.getInputStream().read()).isEqualTo(-1);
      assertThat(new Client(viewer).get("/").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  private static Socket connect(Viewer viewer) throws IOException {
    Socket socket = new Socket(viewer.uri().getHost(), viewer.uri().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** The client's end: takes what is written when the test says so. */
  @Sharable
  private static final class Unread extends ChannelOutboundHandlerAdapter {
    private record Written(int status, ChannelPromise promise) {}

    private final Queue<Written> waiting = new ArrayDeque<>();

    @Override
    public void write(ChannelHandlerContext ctx, Object answer, ChannelPromise promise) {
      FullHttpResponse response = (FullHttpResponse) answer;
      waiting.add(new Written(response.status().code(), promise));
      response.release();
    }

    void readOne() {
      waiting.remove().promise.setSuccess();
    }

    List<Integer> statuses() {
      return waiting.stream().map(Written::status).toList();
    }
  }

  private static final class Anybody implements Refusal {
    @Override
    public Optional<Answer> ofHead(HttpRequest head) {
      return Optional.empty();
    }

    @Override
    public boolean wantsBody(HttpRequest head) {
      return false;
    }

    @Override
    public Answer tooLarge(HttpRequest head) {
      return text(413, "");
    }

    @Override
    public Answer busy(HttpRequest head) {
      return text(429, "");
    }
  }
}
