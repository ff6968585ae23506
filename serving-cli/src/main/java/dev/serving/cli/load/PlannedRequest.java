package dev.serving.cli.load;

/**
 * A request to be made.
 *
 * @param offsetNanos when, after the beginning; 0 for all where requests follow one another
 * @param prompt what the model is told
 * @param outputTokens tokens to ask for
 * @param leavesAfter pieces of text after which the client leaves; -1: it stays
 */
record PlannedRequest(long offsetNanos, String prompt, int outputTokens, int leavesAfter) {}
