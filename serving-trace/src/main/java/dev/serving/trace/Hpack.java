package dev.serving.trace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Headers of HTTP/2 (RFC 7541), as much as a client needs that allows its peer no dynamic table:
 * requests are written out in full; of the static table's names those are known that matter to the
 * outcome of a call, the others come out as numbers.
 */
final class Hpack {
  private static final int STATIC_ENTRIES = 61;

  private static final Map<Integer, String> NAMES =
      Map.of(
          8,
          ":status",
          9,
          ":status",
          10,
          ":status",
          11,
          ":status",
          12,
          ":status",
          13,
          ":status",
          14,
          ":status",
          31,
          "content-type",
          53,
          "retry-after");
  private static final Map<Integer, String> VALUES =
      Map.of(8, "200", 9, "204", 10, "206", 11, "304", 12, "400", 13, "404", 14, "500");

  private Hpack() {}

  /** Writes a header that no one on the way may remember. */
  static void write(ByteArrayOutputStream out, String name, String value) {
    out.write(0x10);
    text(out, name.toLowerCase(Locale.ROOT));
    text(out, value);
  }

  /** Reads a block of headers into the map; a later one of the same name wins. */
  static void read(byte[] block, Map<String, String> into) throws IOException {
    Reader reader = new Reader(block);
    while (reader.at < block.length) {
      reader.header(into);
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int rest = bytes.length;
    if (rest < 0x7f) {
      out.write(rest);
    } else {
      out.write(0x7f);
      for (rest -= 0x7f; rest >= 0x80; rest >>= 7) {
        out.write((rest & 0x7f) | 0x80);
      }
      out.write(rest);
    }
    out.writeBytes(bytes);
  }

  private static final class Reader {
    private final byte[] block;
    private int at;

    Reader(byte[] block) {
      this.block = block;
    }

    void header(Map<String, String> into) throws IOException {
      int head = block[at] & 0xff;
      if (head >= 0x80) {
        int index = index(0x7f);
        into.put(name(index), VALUES.getOrDefault(index, ""));
      } else if (head >= 0x40) {
        literal(index(0x3f), into);
      } else if (head >= 0x20) {
        int unusedTableSize = number(0x1f);
      } else {
        literal(index(0x0f), into);
      }
    }

    private void literal(int index, Map<String, String> into) throws IOException {
      String name = index == 0 ? text() : name(index);
      into.put(name, text());
    }

    private int index(int mask) throws IOException {
      int index = number(mask);
      if (index > STATIC_ENTRIES) {
        throw new IOException("the peer uses a header table that it was not given");
      }
      return index;
    }

    private static String name(int index) {
      return NAMES.getOrDefault(index, "#" + index);
    }

    private String text() throws IOException {
      need(1);
      boolean huffman = block[at] < 0;
      int size = number(0x7f);
      need(size);
      int from = at;
      at += size;
      return huffman
          ? new String(HpackHuffman.decode(block, from, at), StandardCharsets.UTF_8)
          : new String(block, from, size, StandardCharsets.UTF_8);
    }

    private int number(int mask) throws IOException {
      int value = block[at++] & mask;
      if (value < mask) {
        return value;
      }
      for (int shift = 0; shift <= 21; shift += 7) {
        need(1);
        byte b = block[at++];
        value += (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
      throw new IOException("a number in a header is too large");
    }

    private void need(int bytes) throws IOException {
      if (bytes > block.length - at) {
        throw new IOException("a header is cut off");
      }
    }
  }
}
