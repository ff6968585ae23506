package dev.serving.blame;

/**
 * A token after the first, as its engine made it: from the end of the step of the one before to the
 * end of its own.
 *
 * @param step the number of the step that made it
 * @param fromNs when the token before was made
 * @param toNs when it was
 * @param blame of the time between
 */
public record MadeToken(long step, long fromNs, long toNs, Blame blame) {}
