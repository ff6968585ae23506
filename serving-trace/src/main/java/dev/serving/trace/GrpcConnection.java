package dev.serving.trace;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A connection to a gRPC server that makes one unary call after another over HTTP/2 (RFC 9113).
 * Frames are read only during a call, by the thread that makes it; that is enough where calls come
 * a few times a second, and leaves nothing to lock. For one thread.
 */
final class GrpcConnection implements OtlpConnection {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  // HEADER_TABLE_SIZE 0, ENABLE_PUSH 0, MAX_HEADER_LIST_SIZE 64 KiB.
  private static final byte[] SETTINGS = {0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 6, 0, 1, 0, 0};
  private static final byte[] NOTHING = {};
  private static final int SETTING_BYTES = 6;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int LAST_STREAM = Integer.MAX_VALUE - 2;

  private static final String PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private final byte[] headers;
  private final boolean compressed;
  private final DataInputStream in;
  private final DataOutputStream out;
  private int stream = -1;
  private long window = 65_535;
  private int initialStreamWindow = 65_535;
  private long streamWindow;
  private boolean leaving;
  private GrpcAnswer answer = new GrpcAnswer();

  /** Begins to speak HTTP/2 over a socket that is connected, and through TLS if it is to be. */
  GrpcConnection(Socket socket, OtlpConfig config) throws IOException {
    headers = headers(config);
    compressed = config.gzip();
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 16 << 10));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 64 << 10));
    out.write(PREFACE);
    frame(Http2Frame.SETTINGS, 0, 0, SETTINGS, 0, SETTINGS.length);
  }

  @Override
  public boolean usable() {
    return !leaving && stream < LAST_STREAM && answer.ended();
  }

  @Override
  public SpanReceipt post(byte[] bytes, int from, int length) throws IOException {
    stream += 2;
    streamWindow = initialStreamWindow;
    answer = new GrpcAnswer();
    frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, stream, headers, 0, headers.length);
    send(prefix(compressed, length), 0, 5, false);
    send(bytes, from, length, true);
    out.flush();
    while (!answer.ended()) {
      receive();
    }
    return answer.receipt(length);
  }

  private static byte[] headers(OtlpConfig config) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    Hpack.write(block, ":method", "POST");
    Hpack.write(block, ":scheme", config.uri().getScheme());
    Hpack.write(block, ":path", PATH);
    Hpack.write(block, ":authority", config.uri().getAuthority());
    Hpack.write(block, "content-type", "application/grpc");
    Hpack.write(block, "te", "trailers");
    Hpack.write(block, "user-agent", "Serving-OTLP-Exporter-Java");
    if (config.gzip()) {
      Hpack.write(block, "grpc-encoding", "gzip");
    }
    config.headers().forEach((name, value) -> Hpack.write(block, name, value));
    return block.toByteArray();
  }

  private static byte[] prefix(boolean compressed, int length) {
    return new byte[] {
      (byte) (compressed ? 1 : 0),
      (byte) (length >> 24),
      (byte) (length >> 16),
      (byte) (length >> 8),
      (byte) length
    };
  }

  /**
   * Sends data as far as the peer's windows allow, and waits for more; stops if it has answered.
   */
  private void send(byte[] bytes, int from, int length, boolean last) throws IOException {
    int at = from;
    int end = from + length;
    do {
      int part = (int) Math.min(Math.min(window, streamWindow), end - at);
      part = Math.min(part, Http2Frame.MAX_PAYLOAD);
      if (part > 0 || at == end) {
        boolean whole = last && at + part == end;
        frame(Http2Frame.DATA, whole ? Http2Frame.END_STREAM : 0, stream, bytes, at, part);
        at += part;
        window -= part;
        streamWindow -= part;
      } else {
        out.flush();
        receive();
      }
    } while (at < end && !answer.ended());
    // A peer that answered early may still wait for the rest of this stream.
    leaving |= at < end;
  }

  private void receive() throws IOException {
    Http2Frame frame = Http2Frame.read(in);
    switch (frame.type()) {
      case Http2Frame.DATA -> data(frame);
      case Http2Frame.HEADERS, Http2Frame.CONTINUATION -> headers(frame);
      case Http2Frame.RST_STREAM -> reset(frame);
      case Http2Frame.SETTINGS -> settings(frame);
      case Http2Frame.PING -> ping(frame);
      case Http2Frame.GOAWAY -> goAway(frame);
      case Http2Frame.WINDOW_UPDATE -> windowUpdate(frame);
      default -> {
        return;
      }
    }
  }

  private void data(Http2Frame frame) throws IOException {
    if (frame.payload().length > 0) {
      byte[] size = bigEndian(frame.payload().length);
      frame(Http2Frame.WINDOW_UPDATE, 0, 0, size, 0, size.length);
      out.flush();
    }
    if (frame.stream() == stream) {
      answer.data(frame);
    }
  }

  private void headers(Http2Frame frame) throws IOException {
    if (frame.stream() == stream) {
      answer.headers(frame);
    }
  }

  private void reset(Http2Frame frame) throws IOException {
    if (frame.stream() == stream && !answer.ended()) {
      throw new IOException("the peer reset the call with HTTP/2 error " + frame.number(0));
    }
  }

  private void settings(Http2Frame frame) throws IOException {
    if (frame.has(Http2Frame.ACK)) {
      return;
    }
    byte[] settings = frame.payload();
    for (int at = 0; at + SETTING_BYTES <= settings.length; at += SETTING_BYTES) {
      int name = ((settings[at] & 0xff) << 8) | (settings[at + 1] & 0xff);
      if (name == INITIAL_WINDOW_SIZE) {
        int size = frame.number(at + 2);
        streamWindow += size - (long) initialStreamWindow;
        initialStreamWindow = size;
      }
    }
    frame(Http2Frame.SETTINGS, Http2Frame.ACK, 0, NOTHING, 0, 0);
    out.flush();
  }

  private void ping(Http2Frame frame) throws IOException {
    if (!frame.has(Http2Frame.ACK)) {
      frame(Http2Frame.PING, Http2Frame.ACK, 0, frame.payload(), 0, frame.payload().length);
      out.flush();
    }
  }

  private void goAway(Http2Frame frame) throws IOException {
    leaving = true;
    if (frame.number(0) < stream) {
      throw new IOException("the peer is closing, with HTTP/2 error " + frame.number(4));
    }
  }

  private void windowUpdate(Http2Frame frame) {
    int more = frame.number(0) & 0x7fff_ffff;
    if (frame.stream() == 0) {
      window += more;
    } else if (frame.stream() == stream) {
      streamWindow += more;
    }
  }

  private void frame(int type, int flags, int onStream, byte[] bytes, int from, int length)
      throws IOException {
    Http2Frame.write(out, type, flags, onStream, bytes, from, length);
  }

  private static byte[] bigEndian(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }
}
