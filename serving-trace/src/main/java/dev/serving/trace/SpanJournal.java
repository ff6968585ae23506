package dev.serving.trace;

/**
 * What would be missing if this process were killed now: every span that others refer to, as parent
 * or by a link, from its start until it has been delivered or dropped. Any thread; never blocks.
 */
sealed interface SpanJournal extends AutoCloseable permits FileJournal, SpanJournal.None {
  /** Keeps nothing. */
  SpanJournal NONE = new None();

  /** Notes a span that has begun; returns its entry, 0 if there is none. */
  int note(SpanRecord span);

  /** Corrects where an entry's span began. */
  void starts(int entry, long ts);

  /** Notes where an entry's span ended; it is still to be delivered. */
  void ends(int entry, long ts);

  /** Removes an entry: its span is delivered, or given up. */
  void forget(int entry);

  /** Notes that this process was alive at the given time, which is returned. */
  long alive(long ts);

  /** Returns the latest time at which this process is known to have been alive, 0 for unknown. */
  long lastAlive();

  @Override
  void close();

  /** See {@link #NONE}. */
  final class None implements SpanJournal {
    private None() {}

    @Override
    public int note(SpanRecord span) {
      return 0;
    }

    @Override
    public void starts(int entry, long ts) {}

    @Override
    public void ends(int entry, long ts) {}

    @Override
    public void forget(int entry) {}

    @Override
    public long alive(long ts) {
      return ts;
    }

    @Override
    public long lastAlive() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
