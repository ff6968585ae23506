package dev.serving.viewer;

import com.google.protobuf.ByteString;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;

/**
 * One request, read whole.
 *
 * @param method GET, POST …
 * @param rawPath path as it was sent, percent signs and all
 * @param variables values of the route's {@code {…}} parts, decoded
 * @param query parameters, decoded
 * @param headers as they were sent
 * @param body empty unless it is an export
 */
@RecordBuilder
record HttpCall(
    String method,
    String rawPath,
    Map<String, String> variables,
    Map<String, List<String>> query,
    HttpHeaders headers,
    ByteString body)
    implements HttpCallBuilder.With {

  /** Throws {@link IllegalArgumentException} if the address has a broken percent sequence. */
  static HttpCall of(HttpRequest request, ByteString body) {
    QueryStringDecoder address = new QueryStringDecoder(request.uri());
    return new HttpCall(
        request.method().name(),
        address.rawPath(),
        Map.of(),
        address.parameters(),
        request.headers(),
        body);
  }

  String variable(String name) {
    return variables.get(name);
  }

  /** The first parameter of that name, empty if there is none. */
  String param(String name) {
    List<String> values = query.get(name);
    return values == null ? "" : values.get(0);
  }

  List<String> params(String name) {
    return query.getOrDefault(name, List.of());
  }

  /** A header's value, empty if there is none. */
  String header(CharSequence name) {
    String value = headers.get(name);
    return value == null ? "" : value;
  }
}
