package dev.serving.core.frontend.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The bytes of a body as they come; says beforehand what the next ones take. */
final class Body {
  private static final int FIRST = 1024;

  private final long announced;
  private byte[] bytes = new byte[0];
  private int size;

  /** Of a request that announces so many bytes, or none. */
  Body(long announced) {
    this.announced = announced;
  }

  int size() {
    return size;
  }

  /**
   * How large the array must become, while the present one is still there, to hold so many more.
   */
  long growthFor(int more) {
    return size + more <= bytes.length ? 0 : capacity(size + more);
  }

  /** How many bytes of memory it takes. */
  long held() {
    return bytes.length;
  }

  /** Doubles, but never beyond what was announced. */
  private long capacity(int needed) {
    long doubled = Math.max(FIRST, 2L * bytes.length);
    long wanted = announced >= needed ? Math.min(doubled, announced) : doubled;
    return Math.max(needed, wanted);
  }

  void append(ByteBuf more) {
    int count = more.readableBytes();
    if (size + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(capacity(size + count), Integer.MAX_VALUE - 8));
    }
    more.readBytes(bytes, size, count);
    size += count;
  }

  byte[] toBytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }
}
