package dev.serving.trace.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.Spans;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that begin to speak HTTP/2 and then misbehave. */
@Timeout(60)
class HostileHttp2Test {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int PREFACE = 24; // bytes
  private static final int FLAGS_AND_STREAM = 5; // bytes
  private static final int END_HEADERS = 4;
  private static final int STREAM = 3;
  private static final int MORE_THAN_A_SOCKET = 16 << 20;
  private static final int MORE_THAN_A_WINDOW = 1 << 20;
  // :status 200, by its index in the static table.
  private static final byte[] OK = {(byte) 0x88};

  private final AtomicLong sent = new AtomicLong();

  private interface Manners {
    void behave(DataOutputStream out) throws IOException;
  }

  @Test
  void headersWithoutEndEndTheConnection() throws Exception {
    byte[] header = new byte[16_000];
    Arrays.fill(header, (byte) 0x88);
    SpanReceipt receipt =
        meet(
            out -> {
              frame(out, HEADERS, 0, STREAM, OK);
              while (true) {
                frame(out, CONTINUATION, 0, STREAM, header);
              }
            });
    assertThat(receipt).isInstanceOf(SpanReceipt.Later.class);
    assertThat(sent.get()).isLessThan(50_000_000);
  }

  @Test
  void aBodyWithoutEndEndsTheConnection() throws Exception {
    SpanReceipt receipt =
        meet(
            out -> {
              frame(out, HEADERS, END_HEADERS, STREAM, OK);
              while (true) {
                frame(out, DATA, 0, STREAM, new byte[16_000]);
              }
            });
    // Refused when so much is read in time, else late.
    assertThat(receipt).isNotInstanceOf(SpanReceipt.Delivered.class);
    assertThat(sent.get()).isLessThan(50_000_000);
  }

  @Test
  void framesOfAnyBytesEndInAReceipt() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 50; i++) {
      SpanReceipt receipt =
          meet(
              out -> {
                for (int frames = 0; frames < 20; frames++) {
                  byte[] payload = new byte[random.nextInt(20)];
                  random.nextBytes(payload);
                  frame(out, random.nextInt(10), random.nextInt(64), random.nextInt(5), payload);
                }
              },
              MORE_THAN_A_WINDOW);
      assertThat(receipt).isNotNull();
    }
  }

  @Test
  void aPeerThatGivesRoomAndNeverReadsTakesNoLongerThanTheTimeout() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    SpanReceipt receipt =
        meet(
            out -> {
              // All the room there can be, so that nothing but the socket holds the sender up.
              frame(out, SETTINGS, 0, 0, new byte[] {0, 4, 0x7f, -1, -1, -1});
              frame(out, WINDOW_UPDATE, 0, 0, new byte[] {0x7f, -1, 0, 0});
              awaitQuietly(over);
            });
    over.countDown();
    assertThat(later(receipt).fault()).isEqualTo(ExportFault.TIMEOUT);
  }

  private static SpanReceipt.Later later(SpanReceipt receipt) {
    assertThat(receipt).isInstanceOf(SpanReceipt.Later.class);
    return (SpanReceipt.Later) receipt;
  }

  private SpanReceipt meet(Manners manners) throws Exception {
    return meet(manners, MORE_THAN_A_SOCKET);
  }

  private SpanReceipt meet(Manners manners, int bytes) throws Exception {
    try (ServerSocket server = new ServerSocket()) {
      server.setReceiveBufferSize(4096);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread peer = new Thread(() -> serve(server, manners));
      peer.start();
      OtlpConfig config =
          OtlpConfig.DEFAULT
              .withEndpoint("127.0.0.1:" + server.getLocalPort())
              .withProtocol(OtlpProtocol.GRPC)
              .withTimeout(Duration.ofHours(1)); // what ends an attempt is its own second
      try (SpanCourier courier = OtlpExporters.courier(config, 20 << 20)) {
        return courier.send(List.of(Spans.ofBytes(bytes)), Duration.ofSeconds(1));
      }
    }
  }

  private void serve(ServerSocket server, Manners manners) {
    try (Socket socket = server.accept();
        DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
      awaitRequest(new DataInputStream(socket.getInputStream()));
      frame(out, SETTINGS, 0, 0, new byte[0]);
      manners.behave(out);
    } catch (IOException e) {
      // The exporter has hung up, as it should.
      return;
    }
  }

  /** Before the request is there, a connection can only fail, and nobody is told of what. */
  private static void awaitRequest(DataInputStream in) throws IOException {
    in.readNBytes(PREFACE);
    int type;
    do {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      type = in.readUnsignedByte();
      in.readNBytes(FLAGS_AND_STREAM + length);
    } while (type != HEADERS);
  }

  private void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
    sent.addAndGet(payload.length);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
