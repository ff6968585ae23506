package dev.serving.viewer.store;

import java.nio.charset.StandardCharsets;

/**
 * Looks for text in spans that were not read, so that most need not be. Says maybe too often, never
 * no where it is.
 */
final class RawText {
  private final String wanted;
  private final byte[] lower;
  private final boolean anywhere;

  /** Text in lower case, empty for any. */
  RawText(String wanted) {
    this.wanted = wanted;
    this.lower = wanted.getBytes(StandardCharsets.UTF_8);
    // Numbers and truths are text only once they are read, and so are the brackets of lists; other
    // alphabets have letters whose cases differ in length.
    boolean plain = wanted.chars().allMatch(c -> c < 0x7f && "[]{}=,\"".indexOf(c) < 0);
    boolean word = wanted.chars().anyMatch(c -> c >= 'g' && c <= 'z');
    boolean made = "true false null nan infinity".contains(wanted);
    this.anywhere = !plain || !word || made;
  }

  String wanted() {
    return wanted;
  }

  /** Whether only reading tells. */
  boolean mayBeAnywhere() {
    return anywhere;
  }

  boolean mayOccur(Block block, int place) {
    SpanGroup group = block.group(place);
    int from = place + Block.HEAD;
    return isIn(block.bytes, from, from + block.length(place))
        || isIn(group.process.bytes, 0, group.process.bytes.length)
        // What a process without a name is called is in no bytes.
        || group.process.resource.service().contains(wanted);
  }

  private boolean isIn(byte[] bytes, int from, int to) {
    int last = to - lower.length;
    byte first = lower[0];
    byte upper = (byte) Character.toUpperCase(first);
    for (int at = from; at <= last; at++) {
      if ((bytes[at] == first || bytes[at] == upper) && isAt(bytes, at)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAt(byte[] bytes, int at) {
    for (int i = 1; i < lower.length; i++) {
      int c = bytes[at + i];
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lower[i]) {
        return false;
      }
    }
    return true;
  }
}
