package dev.serving.core.frontend.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Writes the answers of one request as JSON, whole or as server-sent events. Immutable. */
public abstract sealed class AnswerWriter permits ChatAnswer, CompletionAnswer {
  /** What ends every stream of events. */
  private static final String DONE = "[DONE]";

  final String id;
  final long created;
  final String model;

  /** What chunks say of the usage: null where it was asked for, as OpenAI does, else nothing. */
  final Optional<Usage> unknown;

  AnswerWriter(String id, long created, String model, boolean withUsage) {
    this.id = id;
    this.created = created;
    this.model = model;
    this.unknown = withUsage ? Optional.empty() : null;
  }

  /**
   * A writer for one request.
   *
   * @param endpoint which shape answers have
   * @param id the answer's id
   * @param created seconds since the epoch
   * @param model the served model's name
   * @param withUsage whether a stream's last event tells the usage
   */
  public static AnswerWriter of(
      Endpoint endpoint, String id, long created, String model, boolean withUsage) {
    return endpoint == Endpoint.CHAT
        ? new ChatAnswer(id, created, model, withUsage)
        : new CompletionAnswer(id, created, model, withUsage);
  }

  /** The event with which a choice opens, or null when there is none. */
  public abstract byte[] opening(int index);

  /** One event of a stream. */
  public abstract byte[] chunk(Piece piece);

  /**
   * The event that ends a stream, without choices.
   *
   * @param usage empty where it was not asked for
   * @param timings null where they were not
   */
  public abstract byte[] last(Optional<Usage> usage, Timings timings);

  /**
   * The whole answer.
   *
   * @param timings null where they were not asked for
   */
  public abstract byte[] whole(List<Piece> choices, Usage usage, Timings timings);

  /** The event that tells an error in the middle of a stream. */
  public static byte[] error(ApiError error) {
    return Sse.event(error.body());
  }

  /** The event that ends a stream. */
  public static byte[] done() {
    return Sse.event(DONE.getBytes(StandardCharsets.US_ASCII));
  }
}
