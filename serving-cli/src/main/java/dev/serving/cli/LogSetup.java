package dev.serving.cli;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import java.util.List;

/**
 * How this command's processes log: to standard error, since standard output belongs to what
 * commands print. In code, for to read it from a file takes an XML parser and reflection, a tenth
 * of a second of each process's start; a file that {@code -Dlogback.configurationFile} names goes
 * before. Made by Logback.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String LEVEL = "SERVING_LOG_LEVEL";

  /** Whose news is not the operator's. */
  private static final List<String> QUIET =
      List.of("io.netty", "ai.djl", "io.modelcontextprotocol");

  @Override
  public ExecutionStatus configure(LoggerContext logs) {
    if (System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    logs.getStatusManager().add(new NopStatusListener());
    LogRate rate = new LogRate();
    rate.start();
    logs.addTurboFilter(rate);
    QUIET.forEach(name -> logs.getLogger(name).setLevel(Level.WARN));
    Logger root = logs.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level());
    root.addAppender(errors(logs));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static Level level() {
    return Level.toLevel(System.getProperty(LEVEL, System.getenv(LEVEL)), Level.INFO);
  }

  private static ConsoleAppender<ILoggingEvent> errors(LoggerContext logs) {
    LogLayout layout = new LogLayout();
    layout.setContext(logs);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(logs);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> errors = new ConsoleAppender<>();
    errors.setContext(logs);
    errors.setTarget("System.err");
    errors.setEncoder(encoder);
    errors.start();
    return errors;
  }
}
