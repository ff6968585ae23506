package dev.serving.trace.export;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes Protocol Buffers from the last byte to the first: when a message's head is due, its body
 * is there and its length known, so one pass is enough and nothing is measured beforehand. Grows as
 * needed. Not for several threads.
 */
final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private static final int LONGEST_VARINT = 10;

  private byte[] buffer;
  private int start;

  ProtoWriter(int capacity) {
    buffer = new byte[capacity];
    start = capacity;
  }

  void clear() {
    start = buffer.length;
  }

  /** Bytes written so far; also a mark that {@link #message} and {@link #rewind} understand. */
  int length() {
    return buffer.length - start;
  }

  /** The array that holds the bytes, from {@link #offset()} to its end. */
  byte[] array() {
    return buffer;
  }

  int offset() {
    return start;
  }

  byte[] copy() {
    return Arrays.copyOfRange(buffer, start, buffer.length);
  }

  /** Forgets what was written since {@code mark}. */
  void rewind(int mark) {
    start = buffer.length - mark;
  }

  /** Makes all that was written since {@code mark} the body of a message field. */
  void message(int field, int mark) {
    int body = length() - mark;
    varint(body);
    tag(field, LENGTH);
  }

  void number(int field, long value) {
    varint(value);
    tag(field, VARINT);
  }

  void fixed64(int field, long value) {
    room(Long.BYTES);
    start -= Long.BYTES;
    for (int i = 0; i < Long.BYTES; i++) {
      buffer[start + i] = (byte) (value >>> (8 * i));
    }
    tag(field, FIXED64);
  }

  void fixed32(int field, int value) {
    room(Integer.BYTES);
    start -= Integer.BYTES;
    for (int i = 0; i < Integer.BYTES; i++) {
      buffer[start + i] = (byte) (value >>> (8 * i));
    }
    tag(field, FIXED32);
  }

  void bytes(int field, byte[] value) {
    raw(value);
    varint(value.length);
    tag(field, LENGTH);
  }

  void raw(byte[] value) {
    room(value.length);
    start -= value.length;
    System.arraycopy(value, 0, buffer, start, value.length);
  }

  void string(int field, String value) {
    int size = value.length();
    room(size);
    if (ascii(value, start - size)) {
      start -= size;
      varint(size);
      tag(field, LENGTH);
    } else {
      bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Writes an id that is given in lower-case hex; an odd one is written as far as it goes. */
  void hex(int field, String digits) {
    int size = digits.length() / 2;
    room(size);
    start -= size;
    for (int i = 0; i < size; i++) {
      int high = digit(digits.charAt(2 * i));
      buffer[start + i] = (byte) ((high << 4) | digit(digits.charAt(2 * i + 1)));
    }
    varint(size);
    tag(field, LENGTH);
  }

  private boolean ascii(String value, int at) {
    byte[] to = buffer;
    int seen = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      seen |= c;
      to[at + i] = (byte) c;
    }
    return seen < 0x80;
  }

  private static int digit(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
  }

  private void tag(int field, int type) {
    varint(((long) field << 3) | type);
  }

  private void varint(long value) {
    room(LONGEST_VARINT);
    int size = (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    start -= size;
    long rest = value;
    for (int i = 0; i < size - 1; i++) {
      buffer[start + i] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[start + size - 1] = (byte) rest;
  }

  private void room(int wanted) {
    if (start < wanted) {
      int length = length();
      byte[] larger = new byte[Math.addExact(Math.max(2 * buffer.length, length), wanted)];
      System.arraycopy(buffer, start, larger, larger.length - length, length);
      buffer = larger;
      start = larger.length - length;
    }
  }
}
