package dev.serving.trace;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One POST after another over HTTP/1.1 (RFC 9112). For one thread. */
final class HttpConnection implements OtlpConnection {
  private static final int MAX_LINE = 8 << 10;
  private static final int MAX_LINES = 100;

  private final InputStream in;
  private final OutputStream out;
  private final String head;
  private boolean usable = true;

  /** Begins to speak HTTP over a socket that is connected, and through TLS if it is to be. */
  HttpConnection(Socket socket, OtlpConfig config) throws IOException {
    in = new BufferedInputStream(socket.getInputStream(), 8 << 10);
    out = socket.getOutputStream();
    head = head(config);
  }

  @Override
  public boolean usable() {
    return usable;
  }

  @Override
  public SpanReceipt post(byte[] bytes, int from, int length) throws IOException {
    IOException broken = null;
    try {
      out.write((head + length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(bytes, from, length);
    } catch (IOException e) {
      // A receiver that will not read it all may have said why before it hung up.
      broken = e;
      usable = false;
    }
    try {
      return answer(length);
    } catch (IOException e) {
      throw broken == null ? e : broken;
    }
  }

  private static String head(OtlpConfig config) {
    URI uri = config.uri();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    StringBuilder head = new StringBuilder();
    head.append("POST ").append(uri.getRawPath()).append(query).append(" HTTP/1.1\r\n");
    header(head, "host", uri.getAuthority());
    header(head, "content-type", "application/x-protobuf");
    header(head, "user-agent", "Serving-OTLP-Exporter-Java");
    if (config.gzip()) {
      header(head, "content-encoding", "gzip");
    }
    config.headers().forEach((name, value) -> header(head, name, value));
    return head.append("content-length: ").toString();
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private SpanReceipt answer(long sent) throws IOException {
    int status = status();
    Map<String, String> headers = headers();
    while (status < 200) {
      status = status();
      headers = headers();
    }
    byte[] body = body(status, headers);
    usable &= !"close".equalsIgnoreCase(headers.get("connection"));
    return status < 300
        ? OtlpAnswer.delivered(body, sent)
        : refusal(status, headers.get("retry-after"), body);
  }

  // As OTLP's specification lists them.
  private static SpanReceipt refusal(int status, String retryAfter, byte[] body) {
    String why = "HTTP status " + status + " " + OtlpAnswer.message(body);
    Duration pause =
        retryAfter == null ? Duration.ZERO : Waits.retryAfter(retryAfter, Instant.now());
    return switch (status) {
      case 429, 502, 503, 504 -> new SpanReceipt.Later(TraceFault.BUSY, pause, why);
      default -> new SpanReceipt.Refused(why);
    };
  }

  private int status() throws IOException {
    String line = line();
    if (!line.matches("HTTP/1\\.[01] [1-5]\\d\\d.*")) {
      throw new IOException("the peer does not speak HTTP/1: is this the port of gRPC?");
    }
    usable &= line.startsWith("HTTP/1.1");
    return Integer.parseInt(line.substring(9, 12));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i < MAX_LINES; i++) {
      String line = line();
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    throw new IOException("the answer has more than " + MAX_LINES + " headers");
  }

  private byte[] body(int status, Map<String, String> headers) throws IOException {
    if (status == 204 || status == 304) {
      return new byte[0];
    }
    String length = headers.get("content-length");
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return chunks();
    }
    return length == null ? toTheEnd() : part(number(length, 10));
  }

  private byte[] toTheEnd() throws IOException {
    usable = false;
    return in.readNBytes(OtlpAnswer.MAX_BYTES);
  }

  /** Reads so many bytes; of more than are wanted only the start, and then no more. */
  private byte[] part(long length) throws IOException {
    usable &= length <= OtlpAnswer.MAX_BYTES;
    byte[] bytes = in.readNBytes((int) Math.min(length, OtlpAnswer.MAX_BYTES));
    if (bytes.length < Math.min(length, OtlpAnswer.MAX_BYTES)) {
      throw new EOFException("the answer is cut off");
    }
    return bytes;
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (usable) {
      long length = number(line().replaceAll("[; ].*", ""), 16);
      if (length == 0) {
        var unusedTrailers = headers();
        break;
      }
      all.writeBytes(part(length));
      usable &= all.size() <= OtlpAnswer.MAX_BYTES && line().isEmpty();
    }
    return all.toByteArray();
  }

  private static long number(String text, int radix) throws IOException {
    try {
      return Math.max(0, Long.parseLong(text, radix));
    } catch (NumberFormatException e) {
      throw new IOException("the answer's length is not a number", e);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the peer hung up without an answer");
      }
      if (line.length() == MAX_LINE) {
        throw new IOException("a line of the answer is longer than " + MAX_LINE + " bytes");
      }
      line.append((char) c);
    }
    int end = line.length() - 1;
    return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
  }
}
