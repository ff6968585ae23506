package dev.serving.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An agent's lines of JSON, in and out. Lines that are none are left out, since the SDK would hear
 * nothing after them; and the end is told once every question has its answer, since the SDK ends
 * with it. Read by one thread, written by any.
 */
final class AgentLines {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final BufferedReader lines;
  private final OutputStream out;
  private final CountDownLatch end = new CountDownLatch(1);
  private long open;

  AgentLines(InputStream in, OutputStream out) {
    this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.out = out;
  }

  InputStream questions() {
    return new Questions();
  }

  OutputStream answers() {
    return new Answers();
  }

  /** Returns when the last question was read, and answered if that took no longer than 15 s. */
  void awaitEnd() throws InterruptedException {
    end.await();
  }

  private final class Questions extends InputStream {
    private byte[] line = {};
    private int at;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      if (at == line.length) {
        String next = nextQuestion();
        if (next == null) {
          return -1;
        }
        line = (next + "\n").getBytes(StandardCharsets.UTF_8);
        at = 0;
      }
      int count = Math.min(length, line.length - at);
      System.arraycopy(line, at, to, from, count);
      at += count;
      return count;
    }
  }

  private String nextQuestion() throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (isQuestion(line)) {
        return line;
      }
    }
    awaitAnswers();
    end.countDown();
    return null;
  }

  private boolean isQuestion(String line) {
    try {
      JsonNode message = JsonMapper.shared().readTree(line);
      if (message.has("method") && message.has("id")) {
        count(1);
      }
      return message.isObject();
    } catch (JacksonException e) {
      System.err.println("serving: left out a line that is no JSON");
      return false;
    }
  }

  private synchronized void count(int change) {
    open = Math.max(0, open + change);
    notifyAll();
  }

  private synchronized void awaitAnswers() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try {
      for (long left = PATIENCE_NANOS; open > 0 && left > 0; left = deadline - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Each line is one answer: nothing is told unasked. */
  private final class Answers extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      out.write(one);
      answered(one);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      for (int i = from; i < from + length; i++) {
        answered(bytes[i]);
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    private void answered(int one) {
      if (one == '\n') {
        count(-1);
      }
    }
  }
}
