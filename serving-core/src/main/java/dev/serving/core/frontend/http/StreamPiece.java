package dev.serving.core.frontend.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * A piece of a streamed body. Netty would write a chunk as three buffers; there is one for each
 * token.
 *
 * @param bytes not empty: an empty chunk ends a body
 * @param chunk whether it goes as a chunk (RFC 9112, 7.1)
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares pieces
record StreamPiece(byte[] bytes, boolean chunk) {
  private static final byte[] LINE_END = {'\r', '\n'};

  /** As it goes to the client. */
  ByteBuf encode(ByteBufAllocator buffers) {
    if (!chunk) {
      return buffers.directBuffer(bytes.length).writeBytes(bytes);
    }
    String length = Integer.toHexString(bytes.length);
    ByteBuf out = buffers.directBuffer(length.length() + bytes.length + 2 * LINE_END.length);
    out.writeCharSequence(length, StandardCharsets.US_ASCII);
    return out.writeBytes(LINE_END).writeBytes(bytes).writeBytes(LINE_END);
  }
}
