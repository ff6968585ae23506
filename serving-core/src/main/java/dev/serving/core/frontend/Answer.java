package dev.serving.core.frontend;

import dev.serving.core.frontend.api.AnswerWriter;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.Piece;
import dev.serving.core.frontend.api.Timings;
import dev.serving.core.frontend.api.Usage;
import dev.serving.core.frontend.http.Exchange;
import java.util.List;
import java.util.Optional;

/**
 * What a client gets, once: a whole answer, a stream, or an error. Used by the request's
 * postprocess thread only.
 */
final class Answer {
  private final Exchange exchange;
  private AnswerWriter writer;
  private boolean streams;
  private boolean over;

  Answer(Exchange exchange) {
    this.exchange = exchange;
  }

  /** How answers are written; not needed for errors. */
  void writer(AnswerWriter answers) {
    writer = answers;
  }

  /** Whether the first piece of a stream was sent. */
  boolean streams() {
    return streams;
  }

  /** Whether there is nothing more to say, or nobody to hear it. */
  boolean over() {
    return over;
  }

  /** The client is gone. */
  void lost() {
    over = true;
  }

  /** Sends a piece of a stream, before the first one what opens each of so many choices. */
  void send(Piece piece, int choices) {
    if (!streams) {
      streams = true;
      exchange.open(200, "text/event-stream; charset=utf-8");
      for (int index = 0; index < choices; index++) {
        byte[] opening = writer.opening(index);
        if (opening != null) {
          exchange.send(opening);
        }
      }
    }
    exchange.send(writer.chunk(piece));
  }

  /** Ends a stream, by usage and timings where these are not null. */
  void finish(Usage usage, Timings timings) {
    over = true;
    if (usage != null || timings != null) {
      exchange.send(writer.last(Optional.ofNullable(usage), timings));
    }
    exchange.send(AnswerWriter.done());
    exchange.finish();
  }

  /** Answers at once; timings may be null. */
  void whole(List<Piece> choices, Usage usage, Timings timings) {
    over = true;
    if (timings != null) {
      exchange.header("Server-Timing", timings.header());
    }
    exchange.answer(200, "application/json", writer.whole(choices, usage, timings));
  }

  /** Says that there is no answer, or no more of it; false when the client was told all before. */
  boolean fail(ApiError error) {
    if (over) {
      return false;
    }
    over = true;
    if (streams) {
      exchange.send(AnswerWriter.error(error));
      exchange.send(AnswerWriter.done());
      exchange.finish();
    } else {
      exchange.answer(error);
    }
    return true;
  }
}
