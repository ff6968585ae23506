package dev.serving.blame;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An engine's notes of its steps, as packed longs, until they are sent to the frontend. What is
 * noted makes no garbage; {@link #take} does, once for many steps. One thread.
 *
 * <pre>{@code
 * buffer.begin(step, planned, sent, answered, completed);
 * buffer.queue(delay, waiting, paused);
 * buffer.rank(busy, waited, paused);                       // each rank
 * buffer.part(key, StepPart.pack(true, false, rows, position, blocks)); // each part
 * buffer.admitted(key, queued);                            // each that ran for the first time
 * buffer.preempted(victim, beneficiary);
 * buffer.end();
 * }</pre>
 *
 * <p>A step is a head of {@value Step#HEAD} longs, three for each rank, two for each part, two for
 * each that was admitted and two for each preemption; {@link Step} reads it.
 */
public final class StepBuffer {
  private static final int FIRST_LONGS = 1 << 13;

  /** As large as a page that is sent may be. */
  private static final int FULL_LONGS = 1 << 15;

  private long[] words = new long[FIRST_LONGS];
  private int size;
  private int start;
  private int ranks;
  private int parts;
  private int admitted;
  private int preempted;

  /**
   * Begins a step; times are of {@link System#nanoTime}.
   *
   * @param step its number
   * @param plannedNs when the scheduler began to choose what is in it
   * @param sentNs when the ranks were sent it
   * @param answeredNs when the last had answered
   * @param completedNs when its last output was handed on
   */
  public void begin(long step, long plannedNs, long sentNs, long answeredNs, long completedNs) {
    start = size;
    ranks = 0;
    parts = 0;
    admitted = 0;
    preempted = 0;
    room(Step.HEAD);
    size += Step.HEAD;
    words[start + Step.NUMBER] = step;
    words[start + Step.PLANNED] = plannedNs;
    words[start + Step.SENT] = sentNs;
    words[start + Step.ANSWERED] = answeredNs;
    words[start + Step.COMPLETED] = completedNs;
  }

  /**
   * Of those that wait.
   *
   * @param delay what keeps the first of them out: 0 nothing, 1 budget, 2 blocks, 3 sequences
   * @param waiting how many there are
   * @param pausedNs how long the engine's process stood still outside of the ranks' work
   */
  public void queue(int delay, int waiting, long pausedNs) {
    words[start + Step.QUEUE] = (long) waiting << 2 | delay;
    words[start + Step.PAUSED] = pausedNs;
  }

  /** Of the next rank: nanoseconds it computed, waited for others, and stood still meanwhile. */
  public void rank(long busyNs, long waitedNs, long pausedNs) {
    room(Step.RANK);
    words[size++] = busyNs;
    words[size++] = waitedNs;
    words[size++] = pausedNs;
    ranks++;
  }

  /** Of the next part: whose it is ({@link StepKey}), and what ({@link StepPart#pack}). */
  public void part(long key, long packed) {
    pair(key, packed);
    parts++;
  }

  /** A sequence is in a step for the first time since it began to wait. */
  public void admitted(long key, long queuedNs) {
    pair(key, queuedNs);
    admitted++;
  }

  /** A sequence lost its KV blocks to another. */
  public void preempted(long victim, long beneficiary) {
    if (preempted < Step.MOST_PREEMPTED) {
      pair(victim, beneficiary);
      preempted++;
    }
  }

  private void pair(long first, long second) {
    room(Step.PAIR);
    words[size++] = first;
    words[size++] = second;
  }

  private void room(int longs) {
    if (size + longs > words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
  }

  /** The step is noted. */
  public void end() {
    words[start] = Step.counts(ranks, parts, admitted, preempted);
  }

  /** Whether it should be sent now. */
  public boolean isFull() {
    return size >= FULL_LONGS;
  }

  /** All steps since the last call, big-endian. */
  public byte[] take() {
    byte[] bytes = new byte[size * Long.BYTES];
    ByteBuffer.wrap(bytes).asLongBuffer().put(words, 0, size);
    size = 0;
    return bytes;
  }
}
