package dev.serving.trace;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** One frame of HTTP/2 as it was received (RFC 9113, section 4.1); types not named are ignored. */
final class Http2Frame {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int ACK = 0x1;
  static final int END_STREAM = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int PRIORITY = 0x20;

  /** The largest payload, unless both sides agree on more; this client never does. */
  static final int MAX_PAYLOAD = 16_384;

  // "HTTP/1.1 400 …" read as a frame's head.
  private static final int HTTP_1_LENGTH = ('H' << 16) | ('T' << 8) | 'T';

  private final int type;
  private final int flags;
  private final int stream;
  private final byte[] payload;

  private Http2Frame(int type, int flags, int stream, byte[] payload) {
    this.type = type;
    this.flags = flags;
    this.stream = stream;
    this.payload = payload;
  }

  static Http2Frame read(DataInputStream in) throws IOException {
    int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt() & 0x7fff_ffff;
    if (length == HTTP_1_LENGTH) {
      throw new IOException("the peer speaks HTTP/1: is this the port of OTLP over HTTP?");
    }
    if (length > MAX_PAYLOAD) {
      throw new IOException("a frame of " + length + " bytes, where 16384 are allowed");
    }
    return new Http2Frame(type, flags, stream, in.readNBytes(length)).checked(length);
  }

  static void write(
      DataOutputStream out, int type, int flags, int stream, byte[] bytes, int from, int length)
      throws IOException {
    out.writeByte(length >> 16);
    out.writeShort(length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(bytes, from, length);
  }

  int type() {
    return type;
  }

  /** The stream that it belongs to; 0 for the connection. */
  int stream() {
    return stream;
  }

  /** The bytes as received; not copied, and not to be changed. */
  byte[] payload() {
    return payload;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  int number(int at) {
    return ((payload[at] & 0xff) << 24)
        | ((payload[at + 1] & 0xff) << 16)
        | ((payload[at + 2] & 0xff) << 8)
        | (payload[at + 3] & 0xff);
  }

  /** Where the content begins that padding and priority may precede. */
  int contentFrom() {
    return (has(PADDED) ? 1 : 0) + (type == HEADERS && has(PRIORITY) ? 5 : 0);
  }

  int contentTo() throws IOException {
    int to = payload.length - (has(PADDED) && payload.length > 0 ? payload[0] & 0xff : 0);
    if (to < contentFrom()) {
      throw new IOException("a frame's padding is longer than the frame");
    }
    return to;
  }

  private Http2Frame checked(int length) throws IOException {
    int least =
        switch (type) {
          case RST_STREAM, WINDOW_UPDATE -> 4;
          case PING, GOAWAY -> 8;
          default -> 0;
        };
    if (payload.length < Math.max(length, least)) {
      throw new IOException("a frame is cut off");
    }
    return this;
  }
}
