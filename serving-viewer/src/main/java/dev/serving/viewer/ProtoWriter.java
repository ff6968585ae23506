package dev.serving.viewer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes protobuf's wire format into memory, up to a bound. */
final class ProtoWriter {
  private static final int LENGTH_ROOM = 5;
  // Longer messages keep a length of five bytes rather than be moved.
  private static final int MOVED = 1 << 16;

  private final int max;
  private byte[] bytes = new byte[1 << 12];
  private int size;

  ProtoWriter(int maxBytes) {
    this.max = maxBytes;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Begins a message inside; what it returns is for {@link #end}. */
  int begin(int field) {
    tag(field, 2);
    need(LENGTH_ROOM);
    size += LENGTH_ROOM;
    return size;
  }

  /** Ends it: its length becomes known, and is as short as it can be. */
  void end(int begin) {
    int length = size - begin;
    int digits =
        length > MOVED ? LENGTH_ROOM : 1 + (31 - Integer.numberOfLeadingZeros(length | 1)) / 7;
    int at = begin - LENGTH_ROOM;
    for (int i = 0; i < digits; i++) {
      int more = i < digits - 1 ? 0x80 : 0;
      bytes[at + i] = (byte) (((length >>> (7 * i)) & 0x7f) | more);
    }
    System.arraycopy(bytes, begin, bytes, at + digits, length);
    size = at + digits + length;
  }

  void varint(int field, long value) {
    tag(field, 0);
    varint(value);
  }

  void fixed64(int field, long value) {
    tag(field, 1);
    fixed(value, Long.BYTES);
  }

  void fixed32(int field, int value) {
    tag(field, 5);
    fixed(value, Integer.BYTES);
  }

  void text(int field, String value) {
    bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(int field, byte[] value) {
    tag(field, 2);
    varint(value.length);
    need(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  private void tag(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  private void varint(long value) {
    need(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private void fixed(long value, int length) {
    need(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  private void need(int more) {
    if ((long) size + more > max) {
      throw new TooLargeException();
    }
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(max, Math.max(2L * bytes.length, size + more)));
    }
  }

  /** More would come out than is allowed. */
  static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
