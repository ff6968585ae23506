package dev.serving.core.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** What somebody may send to a ZeroMQ port of ours, from a seed: as its protocol would, or not. */
final class StrangersBytes {
  private static final int MOST = 64 << 10;
  private static final byte MORE = 1;
  private static final byte LARGE = 2;
  private static final byte COMMAND = 4;

  private final Random random;

  /** Always the same for the same seed. */
  StrangersBytes(long seed) {
    random = new Random(seed);
  }

  /** How ZMTP 3 begins, without security. */
  static byte[] greeting() {
    return greeting("NULL", 3);
  }

  private static byte[] greeting(String mechanism, int version) {
    ByteBuffer bytes = ByteBuffer.allocate(64);
    bytes.put((byte) 0xff).position(9);
    bytes.put((byte) 0x7f).put((byte) version).put((byte) 0);
    bytes.put(mechanism.getBytes(StandardCharsets.US_ASCII));
    return bytes.array();
  }

  /** What the next one sends: at least as much as a knock. */
  byte[] next() {
    ByteBuffer bytes = ByteBuffer.allocate(MOST);
    switch (random.nextInt(6)) {
      case 0 -> bytes.put(garbage(Knock.LENGTH + random.nextInt(2000)));
      case 1 -> bytes.put(greeting("NULL", 3)).put(ready()).put(claim(-1));
      case 2 -> bytes.put(greeting("PLAIN", 3)).put(COMMAND).put(hello());
      case 3 -> bytes.put(greeting("CURVE", 3)).put(claim(random.nextLong()));
      case 4 -> bytes.put(greeting("NULL", random.nextInt(3))).put(endless());
      default -> bytes.put(new byte[Knock.LENGTH - 1]).put(greeting("NULL", 3)).put(garbage(99));
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private byte[] garbage(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] ready() {
    String text = "\u0004\u001c\u0005READY\u000bSocket-Type\0\0\0\u0006DEALER";
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A frame that claims this length. */
  private static byte[] claim(long length) {
    return ByteBuffer.allocate(9).put(LARGE).putLong(length).array();
  }

  /** A name whose length is negative where a byte has a sign. */
  private static byte[] hello() {
    return "\u0010\u0005HELLO\u00ffxxxxxxxxx".getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A message of which every part says that more follow. */
  private static byte[] endless() {
    ByteBuffer bytes = ByteBuffer.allocate(60_000);
    while (bytes.remaining() >= 3) {
      bytes.put(MORE).put((byte) 1).put((byte) 'x');
    }
    return bytes.array();
  }
}
