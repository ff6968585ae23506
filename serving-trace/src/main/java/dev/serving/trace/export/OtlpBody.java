package dev.serving.trace.export;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/**
 * A request's body in the encoder's own array, behind a prefix.
 *
 * <p>It says that it can be written only once, lest OkHttp send it again by itself: attempts are
 * counted, and spread in time, by who asks for them.
 */
final class OtlpBody extends RequestBody {
  private final MediaType type;
  private final byte[] prefix;
  private final byte[] bytes;
  private final int from;
  private final int length;

  OtlpBody(MediaType type, byte[] prefix, byte[] bytes, int from, int length) {
    this.type = type;
    this.prefix = prefix;
    this.bytes = bytes;
    this.from = from;
    this.length = length;
  }

  @Override
  public MediaType contentType() {
    return type;
  }

  @Override
  public long contentLength() {
    return prefix.length + (long) length;
  }

  @Override
  public boolean isOneShot() {
    return true;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    sink.write(prefix);
    sink.write(bytes, from, length);
  }
}
