package dev.serving.viewer.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final int SHARE_OF_ONE_TRACE = 4;
  private static final int BLOCKS = 64;
  private static final int LEAST_BLOCK = 4 << 10;
  // With its header a whole region of the collector, which then never copies it.
  private static final int LARGEST_BLOCK = (1 << 20) - 16;

  private final Object lock = new Object();
  private final Map<HeldTrace.Key, HeldTrace> traces = new LinkedHashMap<>();
  private final List<Block> blocks = new ArrayList<>();
  private final Map<Operation, Integer> operations = new HashMap<>();
  private final StoreConfig config;
  private final int blockSize;
  private final BlockFiles files;
  private final List<Integer> dropped = new ArrayList<>();
  private int blocksMade;
  private long sealedBytes;
  private long traceBytes;
  private long heldSpans;
  private long stored;
  private long duplicates;
  private long refused;
  private long evictedTraces;
  private long evictedSpans;

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

  /**
   * A store that keeps so much, with what its directory has from before.
   *
   * @throws UncheckedIOException if the directory cannot be used; the message says why
   */
  public TraceStore(StoreConfig config) {
    this.config = config;
    long share = config.maxBytes() / BLOCKS;
    this.blockSize = (int) Math.max(LEAST_BLOCK, Math.min(LARGEST_BLOCK, share));
    this.files = config.directory().map(BlockFiles::open).orElse(null);
    if (files != null) {
      files.read().forEach(this::restore);
      evict();
    }
  }

  /**
   * Lets go of what is too old and puts on the disk what came since the last time, if it is kept
   * there. To be called every second or so.
   *
   * @throws IOException if the disk takes no more; everything stays in memory, and the next call
   *     tries again
   */
  public void keepUp() throws IOException {
    evictOlderThan(System.currentTimeMillis() - config.maxAge().toMillis());
    if (files != null) {
      synchronized (files) {
        write();
      }
    }
  }

  /** Puts the rest on the disk and lets go of the directory; what it holds stays readable. */
  @Override
  public void close() throws IOException {
    if (files != null) {
      synchronized (files) {
        try {
          write();
        } finally {
          files.close();
        }
      }
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
      long refusedBefore = refused;
      for (Export.Entry span : export.spans) {
        take(export, span);
      }
      evict();
      tooMany = refused - refusedBefore;
    }
    return taken(export, tooMany);
  }

  /** The trace as far as it has arrived; empty if it is unknown or evicted. */
  public Optional<StoredTrace> trace(String traceId) {
    Search search;
    HeldTrace.Seen seen;
    synchronized (lock) {
      HeldTrace held = traces.get(HeldTrace.Key.of(traceId));
      if (held == null) {
        return Optional.empty();
      }
      seen = held.seen();
      search = new Search(blocks);
    }
    return Optional.of(search.read(seen));
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
      search = new Search(blocks);
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
      return List.copyOf(operations.keySet());
    }
  }

  /** What has come and gone since the start. */
  public StoreCounts counts() {
    synchronized (lock) {
      return new StoreCounts(
          traces.size(),
          heldSpans,
          bytes(),
          stored,
          duplicates,
          refused,
          evictedTraces,
          evictedSpans);
    }
  }

  /** Looks where a rare term leads if one is asked for, else through the traces by time. */
  private List<Search.Found> find(TraceQuery query) {
    SearchTerms terms = new SearchTerms(query);
    Search search;
    List<HeldTrace.Seen> all;
    synchronized (lock) {
      search = new Search(blocks);
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
      search = new Search(blocks);
      if (!search.narrow(terms)) {
        return List.of();
      }
      all = seen(query, keys);
    }
    return search.find(query, all);
  }

  private List<HeldTrace.Seen> seen(TraceQuery query, SearchTerms terms) {
    List<HeldTrace.Seen> seen = new ArrayList<>();
    for (HeldTrace held : traces.values()) {
      if (terms.ofSpans.stream().allMatch(held::mayHave)) {
        add(held.seen(), query, seen);
      }
    }
    return seen;
  }

  private List<HeldTrace.Seen> seen(TraceQuery query, Iterable<HeldTrace.Key> keys) {
    List<HeldTrace.Seen> seen = new ArrayList<>();
    for (HeldTrace.Key key : keys) {
      HeldTrace held = traces.get(key);
      if (held != null) {
        add(held.seen(), query, seen);
      }
    }
    return seen;
  }

  private static void add(HeldTrace.Seen seen, TraceQuery query, List<HeldTrace.Seen> to) {
    if (query.start().holds(seen.start())
        && query.duration().holds(seen.duration())
        && (!query.errorsOnly() || seen.errors() > 0)) {
      to.add(seen);
    }
  }

  private void take(Export export, Export.Entry span) {
    HeldTrace.Key key = new HeldTrace.Key(span.traceHigh(), span.traceLow());
    HeldTrace held = traces.get(key);
    if (held != null && held.holds(span.spanId())) {
      duplicates++;
    } else if (held != null && isFull(held, span)) {
      refused++;
    } else {
      keep(export, span, key, held);
    }
  }

  private boolean isFull(HeldTrace held, Export.Entry span) {
    return held.isFull(
        span, config.maxSpans() / SHARE_OF_ONE_TRACE, config.maxBytes() / SHARE_OF_ONE_TRACE);
  }

  private void keep(Export export, Export.Entry span, HeldTrace.Key key, HeldTrace known) {
    Block block = blockFor(span);
    long before = known == null ? Block.NOWHERE : known.last();
    int place = block.append(span.group(), export.bytes, span.from(), span.length(), before);
    block.touchedMillis = System.currentTimeMillis();
    hold(export, span, key, block, place);
  }

  private void hold(Export export, Export.Entry span, HeldTrace.Key key, Block block, int place) {
    HeldTrace held = traces.get(key);
    if (held == null) {
      held = new HeldTrace(key, block);
      traces.put(key, held);
      block.begun++;
    } else {
      traceBytes -= held.weight();
    }
    held.add(span, block.group(place), ((long) block.number << 32) | place, export.terms);
    traceBytes += held.weight();
    heldSpans++;
    stored++;
    index(export, span, block);
  }

  private void index(Export export, Export.Entry span, Block block) {
    for (int i = span.termsFrom(); i < span.termsTo(); i++) {
      block.terms.add(export.terms[i]);
    }
    long operation =
        Terms.both(span.group().process.service, Terms.both(span.nameHash(), span.kind()));
    if (block.terms.add(operation)) {
      Operation fresh =
          new Operation(
              span.group().process.resource.service(),
              new String(
                  export.bytes,
                  span.nameFrom(),
                  span.nameTo() - span.nameFrom(),
                  StandardCharsets.UTF_8),
              SpanKind.ofNumber(span.kind()));
      block.operations.add(fresh);
      operations.merge(fresh, 1, Integer::sum);
    }
  }

  private void restore(BlockFiles.Found found) {
    Block block = new Block(found);
    blocks.add(block);
    blocksMade = block.number + 1;
    try {
      for (int place = 0; place < block.used(); place = block.next(place)) {
        if (block.isSpan(place)) {
          restore(block, place);
        } else {
          block.know(place);
        }
      }
    } catch (MalformedSpansException e) {
      throw new IllegalStateException("block " + block.number + " passed its sum and is none", e);
    }
    block.seal();
    sealedBytes += block.weight();
  }

  /** A span whose trace began in a block that is gone was evicted with it. */
  private void restore(Block block, int place) throws MalformedSpansException {
    Export kept = Export.ofKept(block, place);
    Export.Entry span = kept.spans.get(0);
    HeldTrace.Key key = new HeldTrace.Key(span.traceHigh(), span.traceLow());
    HeldTrace held = traces.get(key);
    if (held == null && block.before(place) == Block.NOWHERE) {
      hold(kept, span, key, block, place);
    } else if (held != null && !held.holds(span.spanId())) {
      block.relink(place, held.last());
      hold(kept, span, key, block, place);
    }
  }

  private void write() throws IOException {
    List<Block> all;
    List<Integer> gone;
    List<Integer> ends = new ArrayList<>();
    synchronized (lock) {
      all = List.copyOf(blocks);
      all.forEach(block -> ends.add(block.used()));
      gone = List.copyOf(dropped);
      dropped.clear();
    }
    for (int number : gone) {
      files.delete(number);
    }
    for (int i = 0; i < all.size(); i++) {
      Block block = all.get(i);
      if (block.kept < ends.get(i)) {
        files.write(block.number, block.bytes, block.kept, ends.get(i));
        block.kept = ends.get(i);
      }
    }
  }

  private void evictOlderThan(long millis) {
    synchronized (lock) {
      Iterator<HeldTrace> oldestFirst = traces.values().iterator();
      while (oldestFirst.hasNext()) {
        HeldTrace oldest = oldestFirst.next();
        if (oldest.first.touchedMillis >= millis) {
          return;
        }
        oldestFirst.remove();
        gone(oldest);
      }
    }
  }

  private Block blockFor(Export.Entry span) {
    Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
    if (last != null && !last.isSealed() && last.room(span.group(), span.length()) <= last.free()) {
      return last;
    }
    if (last != null && !last.isSealed()) {
      last.seal();
      sealedBytes += last.weight();
    }
    long room = Block.roomAlone(span.group(), span.length());
    Block fresh = new Block(blocksMade++, Math.toIntExact(Math.max(blockSize, room)));
    blocks.add(fresh);
    return fresh;
  }

  private long bytes() {
    Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
    long growing = last == null || last.isSealed() ? 0 : last.weight();
    return sealedBytes + growing + traceBytes;
  }

  private void evict() {
    Iterator<HeldTrace> oldestFirst = traces.values().iterator();
    while ((heldSpans > config.maxSpans() || bytes() > config.maxBytes())
        && oldestFirst.hasNext()) {
      HeldTrace oldest = oldestFirst.next();
      oldestFirst.remove();
      gone(oldest);
    }
  }

  private void gone(HeldTrace trace) {
    heldSpans -= trace.spans();
    traceBytes -= trace.weight();
    evictedTraces++;
    evictedSpans += trace.spans();
    trace.first.begun--;
    dropEmptied();
  }

  /** The last block stays, as it still grows. */
  private void dropEmptied() {
    while (blocks.size() > 1 && blocks.get(0).begun == 0) {
      Block gone = blocks.remove(0);
      sealedBytes -= gone.weight();
      if (files != null) {
        dropped.add(gone.number);
      }
      for (Operation operation : gone.operations) {
        operations.computeIfPresent(operation, (key, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  private static Taken taken(Export export, long tooMany) {
    List<String> reasons = new ArrayList<>();
    if (export.withoutIds > 0) {
      reasons.add(export.withoutIds + " spans have no valid trace id or span id");
    }
    if (export.tooLarge > 0) {
      reasons.add(export.tooLarge + " spans have more than " + Export.MAX_ELEMENTS + " attributes");
    }
    if (tooMany > 0) {
      reasons.add(tooMany + " spans belong to a trace that is too large");
    }
    long rejected = export.withoutIds + export.tooLarge + tooMany;
    long received = (long) export.spans.size() + export.withoutIds + export.tooLarge;
    return new Taken(received, rejected, String.join(", ", reasons));
  }
}
