package dev.serving.viewer;

import com.google.protobuf.ByteString;

/**
 * How a gRPC call ends.
 *
 * @param status number of {@code google.rpc.Code}, 0 for success
 * @param reason why not, empty for success
 * @param message the answer, empty for a failure
 */
record GrpcReply(int status, String reason, ByteString message) {
  static final int INVALID_ARGUMENT = 3;
  static final int PERMISSION_DENIED = 7;
  static final int UNIMPLEMENTED = 12;
  static final int INTERNAL = 13;
  static final int UNAVAILABLE = 14;
  static final int UNAUTHENTICATED = 16;

  static GrpcReply of(ByteString message) {
    return new GrpcReply(0, "", message);
  }

  static GrpcReply failed(int status, String reason) {
    return new GrpcReply(status, reason, ByteString.EMPTY);
  }
}
