package dev.serving.trace.export;

import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import java.io.IOException;
import java.net.URI;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;

/** What a protocol makes of OTLP: the request for some spans, and what its answer means. */
sealed interface OtlpCall permits GrpcCall, HttpCall {

  /** The call for this configuration. */
  static OtlpCall of(OtlpConfig config) {
    return config.effectiveProtocol() == OtlpProtocol.GRPC
        ? new GrpcCall(config)
        : new HttpCall(config);
  }

  /** A request with these bytes, which must stay as they are until it is answered. */
  Request request(byte[] bytes, int from, int length);

  /**
   * What an answer to a request of {@code sent} bytes says.
   *
   * @throws IOException if it breaks off or has no end
   */
  SpanReceipt receipt(Response answer, long sent) throws IOException;

  /** What to look at if there was no answer for this reason; nothing if it says so itself. */
  String hint(Exception reason);

  /** A request with all that is the same each time. */
  static Request blank(OtlpConfig config, URI uri) {
    Request.Builder request = new Request.Builder().url(HttpUrl.get(uri));
    request.header("user-agent", "Serving-OTLP-Exporter-Java");
    config.headers().forEach(request::header);
    return request.build();
  }

  /** The start of the answer's body; the whole, unless there is more to read. */
  static byte[] start(BufferedSource body) throws IOException {
    var unused = body.request(OtlpAnswer.MAX_BYTES);
    return body.readByteArray(Math.min(body.getBuffer().size(), OtlpAnswer.MAX_BYTES));
  }
}
