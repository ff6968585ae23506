package dev.serving.core.frontend;

/** How much memory what is made of a body may take, seen from its bytes alone. */
final class JsonWeight {
  /** A map with an entry or a list with an element, twice: as nodes and as plain objects. */
  private static final int STRUCTURE = 200;

  /** A character as two bytes, and rendered with its origin beside it. */
  private static final int TEXT = 10;

  private JsonWeight() {}

  /** In bytes, rather too much than too little. */
  static long of(byte[] body) {
    long structures = 0;
    for (byte b : body) {
      structures += b == '{' || b == '[' || b == ',' || b == ':' ? 1 : 0;
    }
    return structures * STRUCTURE + (long) body.length * TEXT;
  }
}
