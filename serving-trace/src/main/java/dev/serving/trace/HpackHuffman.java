package dev.serving.trace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Reads the Huffman code of HTTP/2 headers (RFC 7541, appendix B). The code is canonical, so the
 * lengths of its words say all: words of one length follow one another in the order of the bytes.
 */
final class HpackHuffman {
  /** Length of each byte's word, 'A' for 5 bits to 'Z' for 30; the last is the end of text. */
  private static final String LENGTHS =
      "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
          + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIX"
          + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
          + "RRVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

  private static final int SHORTEST = 5;
  private static final int LONGEST = 30;
  private static final int END_OF_TEXT = 256;

  private static final int[] FIRST_WORD = new int[LONGEST + 2];
  private static final int[] FIRST_PLACE = new int[LONGEST + 2];
  private static final int[] SYMBOLS = new int[LENGTHS.length()];

  static {
    int word = 0;
    int place = 0;
    for (int length = SHORTEST; length <= LONGEST; length++) {
      word <<= 1;
      FIRST_WORD[length] = word;
      FIRST_PLACE[length] = place;
      for (int symbol = 0; symbol < LENGTHS.length(); symbol++) {
        if (LENGTHS.charAt(symbol) - 'A' + SHORTEST == length) {
          SYMBOLS[place++] = symbol;
          word++;
        }
      }
    }
    FIRST_PLACE[LONGEST + 1] = place;
  }

  private HpackHuffman() {}

  static byte[] decode(byte[] bytes, int from, int to) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream(2 * (to - from));
    int word = 0;
    int length = 0;
    for (int bit = 8 * from; bit < 8 * to; bit++) {
      word = (word << 1) | ((bytes[bit >> 3] >> (7 - (bit & 7))) & 1);
      length++;
      int symbol = symbol(word, length);
      if (symbol >= 0) {
        text.write(symbol);
        word = 0;
        length = 0;
      }
    }
    return text.toByteArray();
  }

  /** The symbol of a whole word, or -1 while more bits are needed. */
  private static int symbol(int word, int length) throws IOException {
    if (length < SHORTEST) {
      return -1;
    }
    if (length > LONGEST) {
      throw new IOException("a header's Huffman code is broken");
    }
    int place = FIRST_PLACE[length] + word - FIRST_WORD[length];
    if (place >= FIRST_PLACE[length + 1]) {
      return -1;
    }
    if (SYMBOLS[place] == END_OF_TEXT) {
      throw new IOException("a header's Huffman code ends in mid text");
    }
    return SYMBOLS[place];
  }
}
