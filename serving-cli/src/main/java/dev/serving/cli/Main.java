package dev.serving.cli;

import java.util.concurrent.Callable;

/**
 * Where each of our processes begins. What is started most, children, knows its work without a
 * parser, which takes a third of a second.
 */
public final class Main {
  private Main() {}

  /**
   * Runs the command and exits with its code: 0 when it did what was asked, 1 when it failed, 2
   * when it was asked wrongly, 70 when one of its threads died, 130 when it was cut by Ctrl-C.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    LastWords.install();
    Arguments.speakUtf8();
    LeakWatch.thin();
    System.exit(run(Arguments.of(args)));
  }

  /** The exit code of a command. */
  static int run(String... words) {
    return switch (words.length == 1 ? words[0] : "") {
      case EngineChild.COMMAND -> child(EngineCommand::run);
      case RankChild.COMMAND -> child(RankCommand::run);
      case ArchiveCommand.COMMAND -> child(ArchiveCommand::run);
      case "--version", "-V" -> printVersion();
      default -> command(words);
    };
  }

  private static int command(String... words) {
    EarlyEngines.guess(System.getenv(), words);
    try {
      return ServingCommand.parserOf(words).execute(words);
    } finally {
      EarlyEngines.giveUp();
    }
  }

  private static int child(Callable<Integer> work) {
    try {
      return work.call();
    } catch (Exception e) {
      if (FailureLine.mendable(e)) {
        System.err.println(FailureLine.of(e));
      } else {
        e.printStackTrace();
      }
      return 1;
    }
  }

  private static int printVersion() {
    for (String line : new Version().getVersion()) {
      System.out.println(line);
    }
    return 0;
  }
}
