package dev.serving.core.frontend.http;

/**
 * What is held for one connection before its request is whole, counted in the memory of all
 * clients. Used by the connection's event loop only.
 */
final class HeldBytes {
  private final Connection owner;
  private final Places places;
  private final Holding holding;
  private long held;

  /** Nothing yet. */
  HeldBytes(Connection owner, Places places, Holding holding) {
    this.owner = owner;
    this.places = places;
    this.holding = holding;
  }

  /** Counts what the connection takes by itself. */
  void note(int base) {
    holding.note(base);
  }

  /** Bytes that are held now, without what the connection takes by itself. */
  long count() {
    return held;
  }

  /**
   * From now on so many bytes are held. Others make way where there is no room.
   *
   * @return false, and nothing changed, when that is more than there is room for
   */
  boolean set(long bytes) {
    Guests guests = places.guests();
    long more = bytes - held;
    boolean taken = true;
    if (more < 0) {
      guests.give(holding, -more);
    } else if (more > 0) {
      taken = guests.take(holding, more);
      while (!taken && guests.giveUpMemory(owner, more)) {
        taken = guests.take(holding, more);
      }
    }
    held = taken ? bytes : held;
    return taken;
  }

  /** Gives everything back; what comes later is not counted. */
  void close() {
    set(0);
    holding.close();
  }
}
