package dev.serving.viewer;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;

/** gRPC's envelope around a message: one byte that says whether it is packed, four of length. */
final class GrpcMessage {
  static final int HEAD = 5;

  private GrpcMessage() {}

  static ByteString wrap(ByteString message) {
    ByteBuffer head = ByteBuffer.allocate(HEAD).put((byte) 0).putInt(message.size()).flip();
    return ByteString.copyFrom(head).concat(message);
  }

  /** The one message of a call, unpacked. */
  static ByteString unwrap(ByteString data, String encoding, int maxBytes)
      throws MalformedExportException, GzipBody.TooLargeException {
    if (data.size() < HEAD) {
      throw new MalformedExportException("the call has no message");
    }
    ByteBuffer head = data.asReadOnlyByteBuffer();
    boolean packed = head.get() != 0;
    int length = head.getInt();
    if (length != data.size() - HEAD) {
      throw new MalformedExportException(
          "the message should have %d bytes, has %d".formatted(length, data.size() - HEAD));
    }
    ByteString message = data.substring(HEAD);
    if (!packed) {
      return message;
    }
    if (!encoding.equals("gzip")) {
      throw new MalformedExportException("the message is packed, but not with gzip");
    }
    return GzipBody.unpack(message, maxBytes);
  }
}
