package dev.serving.cli.load;

import dev.serving.cli.load.Outcome.Ending;

/**
 * A request in the plot.
 *
 * @param seconds when it was to begin, after the load did
 * @param firstTokenMillis until its first token; not a number where there was none
 * @param totalMillis until its end
 * @param ending how it ended
 */
record Dot(double seconds, double firstTokenMillis, double totalMillis, Ending ending) {}
