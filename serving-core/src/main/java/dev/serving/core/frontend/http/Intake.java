package dev.serving.core.frontend.http;

import dev.serving.core.config.HttpLimits;
import dev.serving.core.frontend.api.ApiError;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes a connection's request in, part by part, and refuses as soon as can be what would be
 * refused when it is whole. Used by the connection's event loop only.
 */
final class Intake {
  private final HttpLimits limits;
  private final Router router;
  private final Places places;
  private final HeldBytes held;
  private Arrival arrival = Arrival.none();

  Intake(HttpLimits limits, Router router, Places places, HeldBytes held) {
    this.limits = limits;
    this.router = router;
    this.places = places;
    this.held = held;
  }

  /** What has come of the request. */
  Arrival arrival() {
    return arrival;
  }

  /** Hands out what has come; the next part begins another request. */
  Arrival remove() {
    Arrival taken = arrival;
    arrival = Arrival.none();
    return taken;
  }

  /**
   * Takes the next part, which stays the caller's to release.
   *
   * @param place what the connection may ask for
   * @param asked the head as the router reads it, once there is one
   * @return why the request is refused; empty when it is not
   */
  Optional<ApiError> take(HttpObject part, Places.Place place, Supplier<RequestHead> asked) {
    if (part.decoderResult().isFailure()) {
      return Optional.of(Malformed.error(part.decoderResult().cause()));
    }
    return part instanceof HttpRequest head
        ? begin(head, place, asked)
        : append((HttpContent) part);
  }

  private Optional<ApiError> begin(
      HttpRequest head, Places.Place place, Supplier<RequestHead> asked) {
    arrival = Arrival.of(head);
    return Malformed.error(head)
        .or(() -> unlessFits(arrival.announced(), arrival.headBytes()))
        .or(() -> unwanted(place, asked))
        .or(arrival::unmetExpectation);
  }

  /** What would be refused when it is whole is not read first if it is long, or has no place. */
  private Optional<ApiError> unwanted(Places.Place place, Supplier<RequestHead> asked) {
    return arrival.isLarge() || place == Places.Place.RESERVED
        ? router.refusal(asked.get(), place)
        : Optional.empty();
  }

  private Optional<ApiError> append(HttpContent content) {
    int count = content.content().readableBytes();
    Optional<ApiError> refusal =
        unlessFits(arrival.sizeWith(count), arrival.heldWhileGrowing(count));
    if (refusal.isEmpty()) {
      arrival.append(content.content());
    }
    return refusal;
  }

  /** Refuses a body that is too long, and what there is no memory for. */
  private Optional<ApiError> unlessFits(long body, long bytes) {
    if (body > mostBody()) {
      return Optional.of(ApiError.tooLarge(mostBody()));
    }
    return held.set(bytes) ? Optional.empty() : Optional.of(ApiError.crowded());
  }

  /** What all of the room for what arrives could hold, while it grows from half of it. */
  private long mostBody() {
    return Math.min(limits.bodyBytes(), places.guests().limit() * 2 / 3);
  }
}
