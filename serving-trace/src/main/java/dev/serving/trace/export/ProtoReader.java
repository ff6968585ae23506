package dev.serving.trace.export;

import java.nio.charset.StandardCharsets;

/**
 * Reads the few Protocol Buffers that a receiver answers with. A stranger's bytes may be anything:
 * what does not parse ends the message. Not for several threads.
 */
final class ProtoReader {
  private final byte[] bytes;
  private final int end;
  private int at;
  private int field;
  private int type;

  ProtoReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ProtoReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** Goes to the next field whose value can be read; false at the end. */
  boolean next() {
    if (at >= end) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    return at < end && (type == 0 || type == 2 || skipFixed());
  }

  int field() {
    return field;
  }

  /** The value of a number; 0 if it is not one. */
  long number() {
    if (type == 0) {
      return varint();
    }
    var unused = message();
    return 0;
  }

  String text() {
    ProtoReader part = message();
    return new String(part.bytes, part.at, part.end - part.at, StandardCharsets.UTF_8);
  }

  /** The value of a message; an empty one if it is none. */
  ProtoReader message() {
    if (type != 2) {
      long unused = varint();
      return new ProtoReader(bytes, at, at);
    }
    long size = varint();
    int to = size < 0 || size > end - at ? end : at + (int) size;
    ProtoReader part = new ProtoReader(bytes, at, to);
    at = to;
    return part;
  }

  void skip() {
    var unused = message();
  }

  private boolean skipFixed() {
    at += type == 1 ? Long.BYTES : type == 5 ? Integer.BYTES : end;
    return next();
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; at < end && shift < 64; shift += 7) {
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    at = end;
    return value;
  }
}
