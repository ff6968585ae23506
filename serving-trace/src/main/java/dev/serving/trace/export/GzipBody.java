package dev.serving.trace.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** A compressed request, in a buffer that is used again. Not for several threads. */
final class GzipBody extends ByteArrayOutputStream {

  void compress(byte[] bytes, int offset, int length) {
    reset();
    try (GZIPOutputStream out = new GZIPOutputStream(this, 8192)) {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  byte[] array() {
    return buf;
  }

  int length() {
    return count;
  }
}
