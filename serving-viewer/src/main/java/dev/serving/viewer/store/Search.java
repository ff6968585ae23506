package dev.serving.viewer.store;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * One look into the blocks as they are at one moment. Made under the store's lock; reads without
 * it.
 */
final class Search {
  // Reading through so many blocks costs less than looking at every trace.
  private static final int RARE = 4;

  private final Block[] blocks;
  private final int lastUsed;
  private final SpanScan scan = new SpanScan();
  private List<List<long[]>> terms = List.of();
  private List<BitSet> candidates = List.of();
  private int rare = -1;

  /** A trace that matches. */
  record Found(StoredTrace trace, TraceSummary summary) {}

  Search(List<Block> blocks) {
    this.blocks = blocks.toArray(Block[]::new);
    this.lastUsed = blocks.isEmpty() ? 0 : this.blocks[blocks.size() - 1].used();
  }

  /** Finds the blocks that may have what is asked; false if some of it is in none. */
  boolean narrow(SearchTerms asked) {
    terms = asked.ofSpans;
    candidates = terms.stream().map(this::candidates).toList();
    for (int i = 0; i < terms.size(); i++) {
      int count = candidates.get(i).cardinality();
      if (count == 0) {
        return false;
      }
      if (!terms.get(i).isEmpty() && count <= RARE) {
        rare = i;
      }
    }
    return true;
  }

  boolean isRare() {
    return rare >= 0;
  }

  /** The traces that have the rare thing, as far as hashes tell. */
  Set<HeldTrace.Key> keysOfRare() {
    Set<HeldTrace.Key> keys = new LinkedHashSet<>();
    candidates.get(rare).stream().forEach(i -> keysIn(blocks[i], keys));
    return keys;
  }

  /** Those of the traces that match, in the order that is asked for. */
  List<Found> find(TraceQuery query, List<HeldTrace.Seen> among) {
    Comparator<HeldTrace.Seen> kept = query.order().kept();
    among.sort(kept != null ? kept : TraceOrder.LATEST.kept());
    return kept != null ? first(query, among) : best(query, among);
  }

  private List<Found> first(TraceQuery query, List<HeldTrace.Seen> among) {
    RawText text = new RawText(query.text());
    List<Found> found = new ArrayList<>();
    for (HeldTrace.Seen seen : among) {
      if (found.size() == query.limit()) {
        break;
      }
      if (mayMatch(seen) && mayHaveText(seen, text)) {
        match(query, seen).ifPresent(found::add);
      }
    }
    return found;
  }

  /** What orders them is known only once they are read: the latest are, and so many are kept. */
  private List<Found> best(TraceQuery query, List<HeldTrace.Seen> among) {
    RawText text = new RawText(query.text());
    Comparator<Found> order = query.order().comparator();
    PriorityQueue<Found> worstFirst = new PriorityQueue<>(order.reversed());
    int left = TraceOrder.READ_AT_MOST;
    for (HeldTrace.Seen seen : among) {
      if (!mayMatch(seen) || !mayHaveText(seen, text)) {
        continue;
      }
      if (left-- == 0) {
        break;
      }
      match(query, seen).ifPresent(worstFirst::add);
      if (worstFirst.size() > query.limit()) {
        worstFirst.remove();
      }
    }
    return worstFirst.stream().sorted(order).toList();
  }

  private Optional<Found> match(TraceQuery query, HeldTrace.Seen seen) {
    StoredTrace trace = read(seen);
    TraceSummary summary = TraceSummary.of(trace);
    return query.matches(trace, summary)
        ? Optional.of(new Found(trace, summary))
        : Optional.empty();
  }

  /** Where its spans lie, the first that came first. */
  long[] places(HeldTrace.Seen seen) {
    long[] places = new long[seen.spans()];
    int at = places.length;
    for (long place = seen.last(); place != Block.NOWHERE; place = before(place)) {
      places[--at] = place;
    }
    return places;
  }

  StoredTrace read(HeldTrace.Seen seen) {
    List<StoredSpan> spans = new ArrayList<>(seen.spans());
    for (long place = seen.last(); place != Block.NOWHERE; place = before(place)) {
      spans.add(block(place).read((int) place));
    }
    return new StoredTrace(seen.key().hex(), spans);
  }

  private BitSet candidates(List<long[]> all) {
    BitSet found = new BitSet(blocks.length);
    for (int i = 0; i < blocks.length; i++) {
      found.set(i, SearchTerms.mayHold(blocks[i], all));
    }
    return found;
  }

  private void keysIn(Block block, Set<HeldTrace.Key> keys) {
    int end = block == blocks[blocks.length - 1] ? lastUsed : block.used();
    for (int place = 0; place < end; place = block.next(place)) {
      if (block.isSpan(place) && has(block, place, terms.get(rare))) {
        keys.add(new HeldTrace.Key(scan.traceHigh, scan.traceLow));
      }
    }
  }

  private boolean mayMatch(HeldTrace.Seen seen) {
    for (int i = 0; i < terms.size(); i++) {
      if (!terms.get(i).isEmpty() && !mayMatch(seen, i)) {
        return false;
      }
    }
    return true;
  }

  private boolean mayMatch(HeldTrace.Seen seen, int asked) {
    for (long place = seen.last(); place != Block.NOWHERE; place = before(place)) {
      Block block = block(place);
      if (candidates.get(asked).get(block.number - blocks[0].number)
          && has(block, (int) place, terms.get(asked))) {
        return true;
      }
    }
    return false;
  }

  private boolean mayHaveText(HeldTrace.Seen seen, RawText text) {
    if (text.mayBeAnywhere() || seen.key().hex().contains(text.wanted())) {
      return true;
    }
    for (long place = seen.last(); place != Block.NOWHERE; place = before(place)) {
      if (text.mayOccur(block(place), (int) place)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the span has one of each of these. */
  private boolean has(Block block, int place, List<long[]> all) {
    try {
      int from = place + Block.HEAD;
      scan.clear();
      scan.read(new ProtoCursor(block.bytes, from, from + block.length(place)));
      SpanGroup group = block.group(place);
      for (long[] any : all) {
        if (!isIn(any, scan.terms, scan.count)
            && !isIn(any, group.process.terms, group.process.terms.length)
            && !isIn(any, group.terms, group.terms.length)) {
          return false;
        }
      }
      return true;
    } catch (MalformedSpansException checkedWhenItCame) {
      throw new IllegalStateException(checkedWhenItCame);
    }
  }

  private static boolean isIn(long[] any, long[] terms, int count) {
    for (int i = 0; i < count; i++) {
      for (long term : any) {
        if (terms[i] == term) {
          return true;
        }
      }
    }
    return false;
  }

  private Block block(long place) {
    return blocks[(int) (place >>> 32) - blocks[0].number];
  }

  private long before(long place) {
    return block(place).before((int) place);
  }
}
