package dev.serving.viewer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What a viewer hears from its friends, gone wrong on the way; the same from the same seed. */
final class Garbled {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final byte[] TRACE =
      SampleTrace.chat(ID, 1_795_234_507_615_000_000L).request().toByteArray();
  private static final byte[] JSON =
      Json.bytes(OtlpJsonTraces.of(List.of(SampleTrace.chat(ID, 1).stored()))).toByteArray();

  private static final List<byte[]> WHOLE =
      List.of(
          ascii("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
          ascii(
              "GET /api/traces?service=x&tags=%7B%22a%22%3A%22b%22%7D HTTP/1.1\r\nHost: a\r\n\r\n"),
          ascii("GET /api/traces/" + ID + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
          ascii("GET /api/v3/traces/" + ID + " HTTP/1.0\r\n\r\n"),
          export("application/x-protobuf", "", TRACE),
          export("application/json", "", JSON),
          export("application/x-protobuf", "Content-Encoding: gzip\r\n", Client.gzip(TRACE)),
          export(
              "application/json", "Transfer-Encoding: chunked\r\n", ascii("2\r\n{}\r\n0\r\n\r\n")),
          http2());

  private static final List<byte[]> PARTS =
      List.of(
          ascii("\r\n"),
          ascii("{},".repeat(2_000)),
          ascii("[".repeat(3_000)),
          ascii("\"\\ud800"),
          ascii("Content-Length: 99999999999999999999\r\n"),
          ascii("Transfer-Encoding: chunked\r\n"),
          ascii("Host: evil.example\r\nOrigin: null\r\n"),
          ascii("%zz&limit=-1&start=9999999999999999999"),
          new byte[] {0x0a, 0, 0x0a, 0, 0x0a, 0},
          new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f},
          new byte[300]);

  private final Random random;

  Garbled(long seed) {
    random = new Random(seed);
  }

  byte[] next() {
    byte[] bytes = WHOLE.get(random.nextInt(WHOLE.size())).clone();
    for (int i = random.nextInt(6); i > 0; i--) {
      bytes = changed(bytes);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    byte[] before = Arrays.copyOf(bytes, Math.max(1, at));
    return switch (random.nextInt(4)) {
      case 0 -> joined(before, new byte[] {(byte) random.nextInt(256)}, from(bytes, at + 1));
      case 1 -> joined(before, PARTS.get(random.nextInt(PARTS.size())), from(bytes, at));
      case 2 -> joined(before, from(bytes, at + 1 + random.nextInt(20)));
      default -> before;
    };
  }

  private static byte[] from(byte[] bytes, int at) {
    return Arrays.copyOfRange(bytes, Math.min(bytes.length, at), bytes.length);
  }

  private static byte[] export(String type, String headers, byte[] body) {
    String length = headers.contains("chunked") ? "" : "Content-Length: " + body.length + "\r\n";
    String head =
        "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s%s\r\n"
            .formatted(type, headers, length);
    return joined(ascii(head), body);
  }

  /** Its preface, empty settings, and a call's headers as a table of HPACK knows them. */
  private static byte[] http2() {
    byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
    byte[] headers = {0, 0, 3, 1, 4, 0, 0, 0, 1, (byte) 0x83, (byte) 0x86, (byte) 0x84};
    byte[] data = {0, 0, 5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0};
    return joined(ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), settings, headers, data);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
