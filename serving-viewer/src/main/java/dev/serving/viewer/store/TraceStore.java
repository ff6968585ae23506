package dev.serving.viewer.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Keeps the latest traces in memory, bounded in spans, in bytes and in age; in a directory too if
 * it has one, for the next start.
 *
 * <pre>
 * traces, in the order in which their first span came     blocks of spans, as they came
 *   4bf92f… ─► last span ─► the one before ─► …            ┌──────────┬──────────┬─────
 *   91c0aa… ─► …            evicted first, whole           │ span span│span  span│span …
 *   e1c10e… ─► …            newest                         └──────────┴──────────┴─────
 * </pre>
 *
 * A span is kept as the bytes in which it came and read when somebody asks. Beside each block lies
 * what can be found in it ({@link TermSet}), so that a search reads the blocks that may have it.
 *
 * <p>A trace is never evicted by half: when a bound is passed the oldest goes, all of it, and a
 * block goes when no trace that began in it is left. One trace may fill a quarter of the store; its
 * further spans are rejected, so that a stranger's endless trace cannot push out all others. A span
 * that comes twice (a sender tried again) is kept once.
 *
 * <p>Safe for any number of threads. What it hands out is immutable and stays valid after eviction.
 */
public final class TraceStore implements AutoCloseable {
  private final Object lock = new Object();
  private final HeldTraces held;
  private final Disk disk;
  private final Pins pins;
  private final Duration maxAge;

  /**
   * What became of an export.
   *
   * @param received spans in it
   * @param rejected those of them that were not kept, but for those that were here already
   * @param reason why they were not, empty if all were
   */
  public record Taken(long received, long rejected, String reason) {}

  /**
   * A span name that occurs.
   *
   * @param service of the span's process
   * @param name the span's name
   * @param kind the span's kind
   */
  public record Operation(String service, String name, SpanKind kind) {}

  /** What became of the wish to pin a trace. */
  public enum Pinning {
    /** It stays, whatever comes. */
    PINNED,
    /** It is not here. */
    MISSING,
    /** The pinned ones would be more than a hundred, or fill more than a quarter of the store. */
    NO_ROOM
  }

  /**
   * A store that keeps so much, with what its directory has from before.
   *
   * @throws UncheckedIOException if the directory cannot be used; its cause says why
   */
  public TraceStore(StoreConfig config) {
    this.maxAge = config.maxAge();
    this.disk = new Disk(config);
    try {
      this.pins = Pins.open(config.directory().orElse(null));
    } catch (IOException e) {
      throw new UncheckedIOException("which traces are pinned cannot be read", e);
    }
    this.held = new HeldTraces(config, pins);
    disk.read(held::restore);
    held.restored();
  }

  /**
   * Lets go of what is too old and puts on the disk what came since the last time, if it is kept
   * there. To be called every second or so.
   *
   * @throws IOException if the disk takes no more; everything stays in memory, and the next call
   *     tries again
   */
  public void keepUp() throws IOException {
    synchronized (lock) {
      held.evictOlderThan(System.currentTimeMillis() - maxAge.toMillis());
    }
    disk.write(this::moment);
  }

  /** Puts the rest on the disk and lets go of the directory; what it holds stays readable. */
  @Override
  public void close() throws IOException {
    try (disk) {
      disk.write(this::moment);
    }
  }

  /**
   * Keeps the spans of an OTLP {@code ExportTraceServiceRequest}, each with the others of its
   * trace.
   *
   * @throws MalformedSpansException if the bytes are none; then nothing of them is kept
   */
  public Taken add(byte[] request) throws MalformedSpansException {
    Export export = Export.read(request);
    long tooMany;
    synchronized (lock) {
      tooMany = held.add(export);
    }
    return export.taken(tooMany);
  }

  /** The trace as far as it has arrived; empty if it is unknown or evicted. */
  public Optional<StoredTrace> trace(String traceId) {
    Search search;
    HeldTrace.Seen seen;
    synchronized (lock) {
      HeldTrace found = held.trace(HeldTrace.Key.of(traceId));
      if (found == null) {
        return Optional.empty();
      }
      seen = found.seen();
      search = held.search();
    }
    return Optional.of(search.read(seen));
  }

  /**
   * Keeps a trace out of eviction, whatever comes and however old it gets.
   *
   * @throws IOException if the store's directory cannot say so at the next start
   */
  public Pinning pin(String traceId) throws IOException {
    HeldTrace.Key key = HeldTrace.Key.of(traceId);
    synchronized (lock) {
      HeldTrace found = held.trace(key);
      if (found == null) {
        return Pinning.MISSING;
      }
      if (!found.pinned && !held.hasRoomToPin(found)) {
        return Pinning.NO_ROOM;
      }
      found.pinned = true;
      pins.add(key);
    }
    writePins();
    return Pinning.PINNED;
  }

  /**
   * Lets a trace go like any other; false if it is not here.
   *
   * @throws IOException if the store's directory cannot say so at the next start
   */
  public boolean unpin(String traceId) throws IOException {
    HeldTrace.Key key = HeldTrace.Key.of(traceId);
    synchronized (lock) {
      HeldTrace found = held.trace(key);
      if (found == null) {
        return false;
      }
      found.pinned = false;
      pins.remove(key);
    }
    writePins();
    return true;
  }

  /** Whether it is kept out of eviction. */
  public boolean isPinned(String traceId) {
    synchronized (lock) {
      return pins.has(HeldTrace.Key.of(traceId));
    }
  }

  /** The traces that match, in the order that is asked for. */
  public List<TraceSummary> search(TraceQuery query) {
    return find(query).stream().map(Search.Found::summary).toList();
  }

  /** As {@link #search}, but the traces themselves. */
  public List<StoredTrace> searchTraces(TraceQuery query) {
    return find(query).stream().map(Search.Found::trace).toList();
  }

  /** Shows every trace, one after the other, in no order that means anything. */
  void forEachTrace(Consumer<StoredTrace> reader) {
    Search search;
    List<HeldTrace.Seen> all;
    synchronized (lock) {
      search = held.search();
      all = seen(TraceQuery.latest(1), new SearchTerms(TraceQuery.latest(1)));
    }
    all.forEach(seen -> reader.accept(search.read(seen)));
  }

  /** The names of all services that have a span here, or had one of late; sorted. */
  public SortedSet<String> services() {
    SortedSet<String> names = new TreeSet<>();
    operations().forEach(operation -> names.add(operation.service()));
    return names;
  }

  /** The names of all spans here, with those that went of late; in no order. */
  public List<Operation> operations() {
    synchronized (lock) {
      return held.operations();
    }
  }

  /** What has come and gone since the start. */
  public StoreCounts counts() {
    synchronized (lock) {
      return held.counts();
    }
  }

  /** Looks where a rare term leads if one is asked for, else through the traces by time. */
  private List<Search.Found> find(TraceQuery query) {
    SearchTerms terms = new SearchTerms(query);
    Search search;
    List<HeldTrace.Seen> all;
    synchronized (lock) {
      search = held.search();
      if (!search.narrow(terms)) {
        return List.of();
      }
      all = search.isRare() ? null : seen(query, terms);
    }
    return all == null ? findRare(query, terms, search.keysOfRare()) : search.find(query, all);
  }

  /** Traces may have grown into further blocks since their keys were found: looks anew at these. */
  private List<Search.Found> findRare(
      TraceQuery query, SearchTerms terms, Iterable<HeldTrace.Key> keys) {
    Search search;
    List<HeldTrace.Seen> all;
    synchronized (lock) {
      search = held.search();
      if (!search.narrow(terms)) {
        return List.of();
      }
      all = seen(query, keys);
    }
    return search.find(query, all);
  }

  private List<HeldTrace.Seen> seen(TraceQuery query, SearchTerms terms) {
    List<HeldTrace.Seen> seen = new ArrayList<>();
    for (HeldTrace trace : held.all()) {
      if (terms.mayBeIn(trace)) {
        add(trace.seen(), query, seen);
      }
    }
    return seen;
  }

  private List<HeldTrace.Seen> seen(TraceQuery query, Iterable<HeldTrace.Key> keys) {
    List<HeldTrace.Seen> seen = new ArrayList<>();
    for (HeldTrace.Key key : keys) {
      HeldTrace trace = held.trace(key);
      if (trace != null) {
        add(trace.seen(), query, seen);
      }
    }
    return seen;
  }

  private static void add(HeldTrace.Seen seen, TraceQuery query, List<HeldTrace.Seen> to) {
    if (query.start().holds(seen.start())
        && query.duration().holds(seen.duration())
        && (!query.errorsOnly() || seen.errors() > 0)
        && (!query.pinnedOnly() || seen.pinned())) {
      to.add(seen);
    }
  }

  private Disk.Moment moment() {
    synchronized (lock) {
      return held.moment();
    }
  }

  private void writePins() throws IOException {
    synchronized (pins) {
      List<String> ids;
      synchronized (lock) {
        ids = pins.ids();
      }
      pins.write(ids);
    }
  }
}
