package dev.serving.trace.export;

import java.nio.charset.StandardCharsets;

/**
 * Reads the few Protocol Buffers that a receiver answers with, and says so if what it was given is
 * none. Not for several threads.
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int field;
  private int type;
  private int from;
  private long number;

  ProtoReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ProtoReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /**
   * Goes to the next field; false at the end.
   *
   * @throws IllegalArgumentException if there is no field of Protocol Buffers
   */
  boolean next() {
    if (at == end) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    number = type == VARINT || type == LENGTH ? varint() : 0;
    from = at;
    long size =
        switch (type) {
          case VARINT -> 0;
          case FIXED64 -> Long.BYTES;
          case LENGTH -> number;
          case FIXED32 -> Integer.BYTES;
          default -> -1;
        };
    if (field == 0 || size < 0 || size > end - at) {
      throw new IllegalArgumentException("no field of Protocol Buffers");
    }
    at += (int) size;
    return true;
  }

  int field() {
    return field;
  }

  /** The value of a number; 0 if it is not one. */
  long number() {
    return type == VARINT ? number : 0;
  }

  /** The value of a text; empty if it is none. */
  String text() {
    return new String(bytes, from, type == LENGTH ? at - from : 0, StandardCharsets.UTF_8);
  }

  /** The value of a message; an empty one if it is none. */
  ProtoReader message() {
    return new ProtoReader(bytes, from, type == LENGTH ? at : from);
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; at < end && shift < Long.SIZE; shift += 7) {
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("no number of Protocol Buffers");
  }
}
