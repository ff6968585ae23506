package dev.serving.core.frontend.api;

import java.nio.charset.StandardCharsets;

/** Server-sent events: {@code data: …} and an empty line. JSON of ours has no line breaks. */
final class Sse {
  private static final byte[] BEGIN = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private Sse() {}

  static byte[] event(byte[] data) {
    byte[] event = new byte[BEGIN.length + data.length + END.length];
    System.arraycopy(BEGIN, 0, event, 0, BEGIN.length);
    System.arraycopy(data, 0, event, BEGIN.length, data.length);
    System.arraycopy(END, 0, event, BEGIN.length + data.length, END.length);
    return event;
  }
}
