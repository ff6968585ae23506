package dev.serving.viewer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Unpacks gzip with a bound on what comes out. */
final class GzipBody {
  /** More came out than is allowed. */
  static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private GzipBody() {}

  static ByteString unpack(ByteString packed, int maxBytes)
      throws TooLargeException, MalformedExportException {
    try (InputStream in = new GZIPInputStream(packed.newInput())) {
      byte[] plain = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw new TooLargeException();
      }
      return UnsafeByteOperations.unsafeWrap(plain);
    } catch (IOException e) {
      throw new MalformedExportException("the body is no gzip: " + e.getMessage(), e);
    } catch (StackOverflowError e) { // the JDK reads each empty part deeper in the stack
      throw new MalformedExportException("the body is gzip of too many empty parts", e);
    }
  }
}
