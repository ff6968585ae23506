package dev.serving.core.lifecycle;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Catches what the lifecycle log writes, instead of the console. */
public final class LoggedLines implements AutoCloseable {
  private final Logger logger = Logger.getLogger(LifecycleLog.LOGGER);
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  public LoggedLines() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** The events of a request's lines, in order. */
  public List<String> events(String rid) {
    return lines.stream()
        .filter(line -> line.contains("request_id=\"" + rid + "\""))
        .map(line -> line.replaceFirst("event=\"(\\w+)\".*", "$1"))
        .toList();
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }
}
