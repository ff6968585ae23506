package dev.serving.cli;

/**
 * What exit codes mean, as help and man pages say it. Wrong is what can be known from what was
 * typed, set, or put into a file that an option names, before anything starts.
 */
final class Exits {
  static final String HEADING = "%nExit codes:%n";
  static final String DONE = "0:it did what was asked";
  static final String ENDED = "0:it was told to end, and did";
  static final String FAILED = "1:it was tried, and failed; standard error says why";
  static final String NOT_STARTED = "1:it could not start, or failed";
  static final String WRONG = "2:it was asked wrongly: an option, its value, or a file it names";
  static final String DIED = "70:one of its threads died";
  static final String CUT = "130:it was cut by Ctrl-C";

  private Exits() {}
}
