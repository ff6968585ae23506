package dev.serving.viewer.store;

import com.google.protobuf.ByteString;
import java.util.HexFormat;

/** Trace and span ids: bytes on the wire, lower-case hexadecimal everywhere else. */
public final class HexId {
  private static final HexFormat HEX = HexFormat.of();

  private HexId() {}

  /** The id as text, empty unless it has exactly so many bytes and one that is not zero. */
  public static String of(ByteString id, int bytes) {
    if (id.size() != bytes) {
      return "";
    }
    String text = HEX.formatHex(id.toByteArray());
    return isValid(text, 2 * bytes) ? text : "";
  }

  /** Whether this is so many lower-case digits, not all of them zero. */
  public static boolean isValid(String id, int digits) {
    if (id == null || id.length() != digits) {
      return false;
    }
    boolean allZero = true;
    for (int i = 0; i < digits; i++) {
      char c = id.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
      allZero &= c == '0';
    }
    return !allZero;
  }
}
