package dev.serving.core.frontend.http;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The connections of one event loop, and who of them makes way for others when there is no room:
 * those that never sent a whole request and those whose request is not whole yet, oldest first (for
 * memory, of those that hold no less than others do), then unused ones that were served before,
 * then those that do not read. Used by that event loop only.
 */
final class Guests {
  private final long limit;
  private long arrivingBytes;
  private final Set<Connection> all = new LinkedHashSet<>();
  private final Set<Connection> unproven = new LinkedHashSet<>();
  private final Set<Connection> arriving = new LinkedHashSet<>();
  private final Set<Connection> known = new LinkedHashSet<>();

  /** What arrives here may take so many bytes. */
  Guests(long limit) {
    this.limit = limit;
  }

  /** Bytes that may be held for requests that are not whole, over this loop's connections. */
  long limit() {
    return limit;
  }

  /** Whether so many more bytes may be held for what arrives; counts them if so. */
  boolean take(Holding holding, long more) {
    boolean taken = arrivingBytes + more <= limit && holding.grow(more);
    arrivingBytes += taken ? more : 0;
    return taken;
  }

  void give(Holding holding, long less) {
    arrivingBytes -= less;
    holding.shrink(less);
  }

  /** Is there, and unused. */
  void unused(Connection connection) {
    busy(connection);
    (connection.served() ? known : unproven).add(connection);
  }

  /** Sends a request, which is not whole yet. */
  void arrives(Connection connection) {
    busy(connection);
    unproven.add(connection);
    arriving.add(connection);
  }

  /** Is being served. */
  void busy(Connection connection) {
    gone(connection);
    all.add(connection);
  }

  void gone(Connection connection) {
    all.remove(connection);
    unproven.remove(connection);
    arriving.remove(connection);
    known.remove(connection);
  }

  /** Ends one so that another may have its place; false when all are being served, and read. */
  boolean giveUpPlace(Connection newcomer) {
    Predicate<Connection> host = c -> c != newcomer && c.hasFreePlace();
    Optional<Connection> gone =
        endFirst(unproven, host).or(() -> endFirst(known, host)).or(() -> endSlowReader(host));
    gone.ifPresent(Connection::handPlaceOn);
    return gone.isPresent();
  }

  /** Ends one that is there to ask how the server is, and does not; false when there is none. */
  boolean giveUpReservedPlace(Connection newcomer) {
    Predicate<Connection> other = c -> c != newcomer;
    return endFirst(unproven, other).or(() -> endFirst(known, other)).isPresent();
  }

  /** Ends one so that so much more may be held; false when that would not help. */
  boolean giveUpMemory(Connection newcomer, long more) {
    Predicate<Connection> other = c -> c != newcomer;
    return endFirst(arriving, other.and(heavy()))
        .or(() -> endFirst(arriving, other))
        .or(() -> arrivingBytes + more <= limit ? endSlowReader(other) : Optional.empty())
        .isPresent();
  }

  /**
   * Of those that arrive, who holds no less than they do on average: a request of a few bytes need
   * not go, however slowly it comes, to make room for large ones that never become whole.
   */
  private Predicate<Connection> heavy() {
    long sum = arriving.stream().mapToLong(Connection::heldBytes).sum();
    return c -> c.heldBytes() * arriving.size() >= sum;
  }

  /** One that lets much wait; where many let little wait, one of those. */
  private Optional<Connection> endSlowReader(Predicate<Connection> such) {
    return endFirst(all, such.and(Connection::readsSlowly))
        .or(() -> endFirst(all, such.and(Connection::isNotRead)));
  }

  /** Of those that are such, the one that is there, or is served, for longest. */
  private Optional<Connection> endFirst(Set<Connection> of, Predicate<Connection> such) {
    Optional<Connection> first = of.stream().filter(such).findFirst();
    first.ifPresent(
        connection -> {
          busy(connection);
          connection.makeWay();
        });
    return first;
  }
}
