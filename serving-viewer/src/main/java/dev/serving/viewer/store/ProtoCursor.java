package dev.serving.viewer.store;

import com.google.protobuf.ByteString;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Walks protobuf's wire format in place and makes nothing of it, so that what a stranger sends
 * costs no more than its bytes. At least as strict as protobuf's own parser: what passes here is
 * parsed there later.
 *
 * <p>{@link #enter} narrows it to a message inside, {@link #leave} widens it again.
 */
final class ProtoCursor {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NOT_ASCII = 0x8080808080808080L;
  private static final int MAX_DEPTH = 60;

  final byte[] bytes;
  private int at;
  private int end;
  private int depth;

  ProtoCursor(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** A field's number and wire type as on the wire. */
  static int tag(int field, int wireType) {
    return (field << 3) | wireType;
  }

  int at() {
    return at;
  }

  int end() {
    return end;
  }

  /** The next field's tag, 0 at the end of the message. */
  int next() throws MalformedSpansException {
    if (at == end) {
      return 0;
    }
    long tag = varint();
    if (tag >>> 3 == 0 || tag > 0xffff_ffffL) {
      throw new MalformedSpansException("it has a field without a number");
    }
    return (int) tag;
  }

  long varint() throws MalformedSpansException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == end) {
        throw cut();
      }
      byte next = bytes[at++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new MalformedSpansException("it has a number of more than ten bytes");
  }

  long fixed64() throws MalformedSpansException {
    return (long) LONGS.get(bytes, advance(Long.BYTES));
  }

  int fixed32() throws MalformedSpansException {
    return (int) INTS.get(bytes, advance(Integer.BYTES));
  }

  /** Narrows to the bytes that follow; what it returns is for {@link #leave}. */
  int enter() throws MalformedSpansException {
    if (++depth > MAX_DEPTH) {
      throw new MalformedSpansException("it is nested too deeply");
    }
    long length = varint();
    if (length < 0 || length > end - at) {
      throw cut();
    }
    int outer = end;
    end = at + (int) length;
    return outer;
  }

  /** Goes on behind the bytes that were entered. */
  void leave(int outer) {
    depth--;
    at = end;
    end = outer;
  }

  /** Checks that the bytes entered are text. */
  void text() throws MalformedSpansException {
    int from = at;
    while (from + Long.BYTES <= end && ((long) LONGS.get(bytes, from) & NOT_ASCII) == 0) {
      from += Long.BYTES;
    }
    while (from < end && bytes[from] >= 0) {
      from++;
    }
    if (from < end && !ByteString.copyFrom(bytes, from, end - from).isValidUtf8()) {
      throw new MalformedSpansException("it has text that is no UTF-8");
    }
  }

  void skip(int tag) throws MalformedSpansException {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED64 -> advance(Long.BYTES);
      case BYTES -> leave(enter());
      case FIXED32 -> advance(Integer.BYTES);
      default -> throw new MalformedSpansException("it has a field of an unknown type");
    }
  }

  private int advance(int length) throws MalformedSpansException {
    if (length > end - at) {
      throw cut();
    }
    at += length;
    return at - length;
  }

  private static MalformedSpansException cut() {
    return new MalformedSpansException("it ends within a field");
  }
}
