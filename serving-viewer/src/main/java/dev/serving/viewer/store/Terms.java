package dev.serving.viewer.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What spans can be found by, each a hash of 64 bits: an attribute with its value, a name, a
 * service. Equal things have equal hashes; unequal ones too in theory, so who finds by them looks
 * again. Seeded anew in each process, so that nobody prepares collisions.
 */
final class Terms {
  private static final long SEED = new SplittableRandom().nextLong();
  private static final long K1 = 0x9E3779B97F4A7C15L;
  private static final long K2 = 0xD6E8FEB86659FD93L;

  private static final long TEXT = 1;
  private static final long WHOLE = 2;
  private static final long REAL = 3;
  private static final long TRUTH = 4;
  private static final long OTHER = 5;
  private static final long OPERATION = 6;
  private static final long SERVICE = 7;

  private Terms() {}

  static long hash(byte[] bytes, int from, int to) {
    long hash = SEED + (to - from) * K2;
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      hash = mix(hash ^ (long) ProtoCursor.LONGS.get(bytes, at));
    }
    long rest = 0;
    for (int shift = 0; at < to; at++, shift += 8) {
      rest |= (bytes[at] & 0xffL) << shift;
    }
    return mix(hash ^ rest);
  }

  static long hash(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return hash(bytes, 0, bytes.length);
  }

  static long text(long key, long value) {
    return of(key, TEXT, value);
  }

  static long whole(long key, long value) {
    return of(key, WHOLE, value);
  }

  static long real(long key, double value) {
    return of(key, REAL, Double.doubleToLongBits(value));
  }

  static long truth(long key, boolean value) {
    return of(key, TRUTH, value ? 1 : 0);
  }

  /** A list, a map, bytes or nothing: found by its key alone. */
  static long other(long key) {
    return of(key, OTHER, 0);
  }

  static long operation(long name) {
    return of(name, OPERATION, 0);
  }

  static long service(long name) {
    return of(name, SERVICE, 0);
  }

  /** Both together. */
  static long both(long one, long other) {
    return mix((one * K1) ^ other);
  }

  /** Any of these may be what an attribute of this text has. */
  static long[] ofAttribute(String key, String text) {
    long hash = hash(key);
    long[] terms = {
      text(hash, hash(text)), other(hash), truth(hash, text.equals("true")), 0,
    };
    if (text.equals("true") || text.equals("false")) {
      return Arrays.copyOf(terms, 3);
    }
    int count = 2;
    try {
      double number = Double.parseDouble(text);
      terms[count++] = real(hash, number);
      terms[count++] = whole(hash, isWhole(text) ? Long.parseLong(text) : (long) number);
    } catch (NumberFormatException word) {
      return Arrays.copyOf(terms, 2);
    }
    return Arrays.copyOf(terms, count);
  }

  private static boolean isWhole(String text) {
    return text.matches("-?\\d{1,18}");
  }

  private static long of(long key, long type, long value) {
    return mix(mix(key ^ (type * K2)) ^ (value * K1));
  }

  private static long mix(long value) {
    long mixed = value * K1;
    mixed = (mixed ^ (mixed >>> 32)) * K2;
    return mixed ^ (mixed >>> 29);
  }
}
