package dev.serving.core.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** How the pieces of a vocabulary spell bytes, read from the tokenizer's decoder. */
final class PieceBytes {
  private static final int[] BYTE_OF_CHAR = byteLevelAlphabet();

  private final boolean byteLevel;
  private final boolean plain;
  private final boolean byteFallback;
  private final String space;

  PieceBytes(JsonNode decoder) {
    this.byteLevel = mentions(decoder, "ByteLevel");
    this.plain = decoder.path("type").asString("").equals("ByteLevel");
    this.byteFallback = mentions(decoder, "ByteFallback");
    this.space = byteLevel ? null : "\u2581";
  }

  private static boolean mentions(JsonNode decoder, String type) {
    if (decoder.path("type").asString("").equals(type)) {
      return true;
    }
    for (JsonNode part : decoder.path("decoders")) {
      if (mentions(part, type)) {
        return true;
      }
    }
    return false;
  }

  /** Whether pieces spell bytes by an alphabet, so that there is no text without a piece. */
  boolean byteLevel() {
    return byteLevel;
  }

  /** Whether a text is nothing but the bytes of its pieces, one after the other. */
  boolean plain() {
    return plain;
  }

  byte[] of(String piece) {
    if (byteLevel) {
      return byteLevel(piece);
    }
    if (byteFallback && piece.matches("<0x[0-9A-F]{2}>")) {
      return new byte[] {(byte) Integer.parseInt(piece.substring(3, 5), 16)};
    }
    return piece.replace(space, " ").getBytes(UTF_8);
  }

  private static byte[] byteLevel(String piece) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(piece.length());
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      if (c >= BYTE_OF_CHAR.length || BYTE_OF_CHAR[c] < 0) {
        return piece.getBytes(UTF_8); // not in the alphabet: the library takes it as it stands
      }
      out.write(BYTE_OF_CHAR[c]);
    }
    return out.toByteArray();
  }

  /** GPT-2's alphabet: printable Latin-1 stands for itself, the other bytes follow from U+0100. */
  private static int[] byteLevelAlphabet() {
    int[] bytes = new int[0x144];
    Arrays.fill(bytes, -1);
    int next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean itself = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      bytes[itself ? b : next++] = b;
    }
    return bytes;
  }
}
