package dev.serving.core.engine;

import dev.serving.blame.StepKey;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.message.SchedulerMessage.Scored;
import dev.serving.core.message.TokenLogprobs;
import dev.serving.trace.TraceCarrier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** One request's state in the engine. Owned by the scheduler, changed by nobody else. */
final class Sequence {
  /** Where a sequence is. */
  enum State {
    WAITING,
    RUNNING,
    OVER
  }

  /** Who is senior where it runs: the smaller priority, then the earlier arrival. */
  static final Comparator<Sequence> SENIORITY =
      Comparator.comparingInt((Sequence s) -> s.priority).thenComparingLong(s -> s.arrival);

  /** Who of a client is next: the smaller priority, then who is due earlier, then as above. */
  static final Comparator<Sequence> DUE =
      Comparator.comparingInt((Sequence s) -> s.priority)
          .thenComparingLong(s -> s.due)
          .thenComparingLong(s -> s.arrival);

  /** An answer is due after so many times the steps that it takes alone: others run beside it. */
  private static final long STEPS_A_TOKEN = 8;

  /** Nobody is passed for longer than an answer of so many tokens would be. */
  private static final int LONGEST = 512;

  final String rid;

  /** Whose it is. */
  final String client;

  /** Its number in the ledger of steps. */
  final long key;

  final SamplingParams sampling;
  final int promptLength;
  final BlockTable blocks = new BlockTable();
  private final int priority;
  private final long arrival;
  private final long due;
  private int[] tokens;
  private int length;
  private int computed;
  private int reached; // the most that was computed before a preemption
  private long queuedNs;
  private int cachedTokens = -1;
  private int admitted; // tokens of the output when it began to run, or began again
  private Phase phase = Phase.PREFILL;
  private State state = State.WAITING;
  private boolean underWay;
  private boolean paused;
  private int scored; // tokens of the prompt whose likelihood the frontend has heard
  private FinishReason cancelled;
  private TraceCarrier carrier;

  /**
   * A new one.
   *
   * @param arrival how many came before it
   * @param step the step that it came in
   */
  Sequence(Generate request, long arrival, long step) {
    this.arrival = arrival;
    due = step + STEPS_A_TOKEN * Math.min(LONGEST, request.sampling().maxTokens());
    rid = request.rid();
    client = request.client();
    key = StepKey.of(rid);
    sampling = request.sampling();
    priority = request.priority();
    carrier = request.carrier();
    tokens = request.prompt().clone();
    length = tokens.length;
    promptLength = length;
  }

  State state() {
    return state;
  }

  /** Whether the next rows are prompt (or recomputed) tokens or the one last token. */
  Phase phase() {
    return phase;
  }

  /** Prompt and output tokens so far. */
  int length() {
    return length;
  }

  int outputLength() {
    return length - promptLength;
  }

  /** Tokens that it may still make. */
  int remaining() {
    return sampling.maxTokens() - outputLength();
  }

  /** Tokens that it has made since it was given its place. */
  int sinceAdmitted() {
    return outputLength() - admitted;
  }

  boolean isMoreUrgentThan(Sequence other) {
    return priority < other.priority;
  }

  /** How many tokens from the front are in the KV cache. */
  int computed() {
    return computed;
  }

  /** The array behind the tokens: read only, valid up to {@link #length}. */
  int[] tokens() {
    return tokens;
  }

  int[] tokens(int from, int count) {
    return Arrays.copyOfRange(tokens, from, from + count);
  }

  /** Whether the next rows were computed before, until a preemption. */
  boolean isAgain() {
    return computed < reached;
  }

  /** How many rows are new to the model when the first so many tokens have been through it. */
  int newRows(int filled) {
    return Math.max(0, filled - Math.max(computed, reached));
  }

  /** Since when it waits, or waited last, by {@link System#nanoTime}. */
  long queuedNs() {
    return queuedNs;
  }

  /** It waits from now on. */
  void queued(long nanos) {
    queuedNs = nanos;
  }

  /** Prompt tokens that were cached when it first ran. */
  int cachedTokens() {
    return Math.max(0, cachedTokens);
  }

  /** The trace context as the last worker that had the sequence left it. */
  TraceCarrier carrier() {
    return carrier;
  }

  void carrier(TraceCarrier latest) {
    if (!latest.isNone()) {
      carrier = latest;
    }
  }

  /** It has blocks for all its tokens, the first of which are computed. */
  void run(int cached) {
    state = State.RUNNING;
    phase = Phase.PREFILL;
    computed = cached;
    admitted = outputLength();
    if (cachedTokens < 0) {
      cachedTokens = cached;
    }
  }

  /** It lost its blocks. */
  void preempt() {
    state = State.WAITING;
    phase = Phase.PREFILL;
    reached = Math.max(reached, computed);
    computed = 0;
  }

  void end() {
    state = State.OVER;
  }

  /** Whether the next rows are of a prompt whose tokens' likelihood is wanted. */
  boolean isScored() {
    return phase == Phase.PREFILL && sampling.scoresPrompt();
  }

  /** Of what a chunk's rows tell of the prompt's next tokens: what was not known before. */
  List<TokenLogprobs> news(Scored chunk) {
    List<TokenLogprobs> all = chunk.logprobs();
    List<TokenLogprobs> news =
        all.subList(Math.min(all.size(), Math.max(0, scored - chunk.start())), all.size());
    scored += news.size();
    return news;
  }

  /** Whether its client does not read. */
  boolean paused() {
    return paused;
  }

  void paused(boolean unread) {
    paused = unread;
  }

  /** Whether ranks are working on it at this moment. */
  boolean underWay() {
    return underWay;
  }

  void underWay(boolean inStep) {
    underWay = inStep;
  }

  /** Why it is to end after the step that is under way; null if it is not. */
  FinishReason cancelled() {
    return cancelled;
  }

  void cancel(FinishReason reason) {
    cancelled = cancelled == null ? reason : cancelled;
  }

  /** So many more tokens went through the model. */
  void computed(int rows) {
    computed += rows;
  }

  /** The model chose a token. */
  void append(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length + length / 2 + 16);
    }
    tokens[length++] = token;
    phase = Phase.DECODE;
  }
}
