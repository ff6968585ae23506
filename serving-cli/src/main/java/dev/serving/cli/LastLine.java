package dev.serving.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;

/** Tells one thread that another has read a stream to its end. */
final class LastLine extends FilterInputStream {
  private final CountDownLatch end = new CountDownLatch(1);

  LastLine(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    return seen(super.read());
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    return seen(super.read(bytes, from, length));
  }

  void awaitEnd() throws InterruptedException {
    end.await();
  }

  private int seen(int read) {
    if (read < 0) {
      end.countDown();
    }
    return read;
  }
}
