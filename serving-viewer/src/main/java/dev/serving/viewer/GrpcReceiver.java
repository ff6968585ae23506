package dev.serving.viewer;

import com.google.protobuf.ByteString;
import dev.serving.viewer.store.TraceStore;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Optional;

/** OTLP over gRPC: the one method {@code TraceService/Export}, plain or gzip. */
final class GrpcReceiver {
  static final String PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private static final System.Logger LOG = System.getLogger(GrpcReceiver.class.getName());

  private final Intake intake;
  private final int maxBody;

  GrpcReceiver(Intake intake, int maxBody) {
    this.intake = intake;
    this.maxBody = maxBody;
  }

  /** The reply to a call that need not be read; empty if it may go on. */
  Optional<GrpcReply> ofHead(Http2Headers head, Door.Side door) {
    if (!PATH.contentEquals(head.path())) {
      return Optional.of(unimplemented("only " + PATH + " is here"));
    }
    Optional<Door.No> no = door.check(text(head.authority()), name -> text(head.get(name)));
    if (no.isPresent()) {
      intake.refused();
      return no.map(it -> GrpcReply.failed(it.grpcStatus(), it.reason()));
    }
    String encoding = encoding(head);
    if (!encoding.equals("gzip") && !encoding.equals("identity")) {
      return Optional.of(unimplemented("grpc-encoding must be gzip or identity"));
    }
    return Optional.empty();
  }

  /** Takes the data of a whole call. */
  GrpcReply export(Http2Headers head, ByteString data) {
    try {
      ByteString message = GrpcMessage.unwrap(data, encoding(head), maxBody);
      TraceStore.Taken outcome = intake.accept(message.toByteArray());
      return GrpcReply.of(OtlpFormat.PROTOBUF.response(outcome.rejected(), outcome.reason()));
    } catch (MalformedExportException e) {
      intake.refused();
      return GrpcReply.failed(GrpcReply.INVALID_ARGUMENT, e.getMessage());
    } catch (GzipBody.TooLargeException e) {
      return tooLarge();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "an export over gRPC failed", e);
      return GrpcReply.failed(GrpcReply.INTERNAL, "the viewer failed; its log says why");
    }
  }

  /** Not 'resource exhausted', which senders try again after, in vain. */
  GrpcReply tooLarge() {
    intake.refused();
    return GrpcReply.failed(
        GrpcReply.INVALID_ARGUMENT,
        "the message is larger than " + maxBody + " bytes; export smaller batches");
  }

  /** A code that senders try again after. */
  GrpcReply busy() {
    intake.refused();
    return GrpcReply.failed(
        GrpcReply.UNAVAILABLE, "too many requests are being read at once; try again");
  }

  int maxData() {
    return maxBody + GrpcMessage.HEAD;
  }

  private GrpcReply unimplemented(String reason) {
    intake.refused();
    return GrpcReply.failed(GrpcReply.UNIMPLEMENTED, reason);
  }

  private static String encoding(Http2Headers head) {
    String encoding = text(head.get("grpc-encoding"));
    return encoding.isEmpty() ? "identity" : encoding;
  }

  private static String text(CharSequence header) {
    return header == null ? "" : header.toString();
  }
}
