package dev.serving.blame;

/**
 * Who was the cause of some of a request's time.
 *
 * @param cause of what kind
 * @param key whose rows or blocks ({@link StepKey}); for {@link Cause#STRAGGLER} a rank's number
 * @param ns about how many nanoseconds
 * @param amount rows that it computed meanwhile; for {@link Cause#QUEUE_BLOCKS} most KV blocks that
 *     it held; 0 for a rank
 * @param steps in how many steps
 */
public record Culprit(Cause cause, long key, long ns, long amount, int steps) {}
