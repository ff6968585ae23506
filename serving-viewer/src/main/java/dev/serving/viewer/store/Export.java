package dev.serving.viewer.store;

import static dev.serving.viewer.store.ProtoCursor.BYTES;
import static dev.serving.viewer.store.ProtoCursor.tag;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An {@code ExportTraceServiceRequest} as it lies in its bytes: which stretches are spans, and what
 * each can be found by. Made whole or not at all, and never larger than some times its bytes.
 */
final class Export {
  // A span of more elements than this is a fault or mischief: reading it makes an object of each.
  static final int MAX_ELEMENTS = 20_000;

  private static final byte[] NOTHING = {};

  /** One span that can be kept. */
  record Entry(
      SpanGroup group,
      int from,
      int length,
      long traceHigh,
      long traceLow,
      long spanId,
      long start,
      long end,
      boolean failed,
      int elements,
      int kind,
      int nameFrom,
      int nameTo,
      long nameHash,
      int termsFrom,
      int termsTo) {}

  final byte[] bytes;
  final List<Entry> spans = new ArrayList<>();
  int withoutIds;
  int tooLarge;
  long[] terms;

  private final SpanScan scan = new SpanScan();
  private final Map<SpanGroup, SpanGroup> groups = new HashMap<>();

  private Export(byte[] bytes) {
    this.bytes = bytes;
  }

  static Export read(byte[] bytes) throws MalformedSpansException {
    Export export = new Export(bytes);
    ProtoCursor in = new ProtoCursor(bytes, 0, bytes.length);
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      if (tag == tag(1, BYTES)) {
        int outer = in.enter();
        export.resourceSpans(in.at(), in.end());
        in.leave(outer);
      } else {
        in.skip(tag);
      }
    }
    export.terms = export.scan.terms;
    return export;
  }

  /** What became of it, if so many of its spans belong to a trace that is too large. */
  TraceStore.Taken taken(long tooMany) {
    List<String> reasons = new ArrayList<>();
    if (withoutIds > 0) {
      reasons.add(withoutIds + " spans have no valid trace id or span id");
    }
    if (tooLarge > 0) {
      reasons.add(tooLarge + " spans have more than " + MAX_ELEMENTS + " attributes");
    }
    if (tooMany > 0) {
      reasons.add(tooMany + " spans belong to a trace that is too large");
    }
    long rejected = withoutIds + tooLarge + tooMany;
    long received = (long) spans.size() + withoutIds + tooLarge;
    return new TraceStore.Taken(received, rejected, String.join(", ", reasons));
  }

  /** The span of a block, as if it came now; the terms are this export's. */
  static Export ofKept(Block block, int place) throws MalformedSpansException {
    Export export = new Export(block.bytes);
    int from = place + Block.HEAD;
    ProtoCursor in = new ProtoCursor(block.bytes, from, from + block.length(place));
    export.span(in, block.group(place));
    export.terms = export.scan.terms;
    return export;
  }

  /** The resource may stand behind its spans, so it is looked for first. */
  private void resourceSpans(int from, int to) throws MalformedSpansException {
    byte[] resource = null;
    KeptResource process = null;
    ProtoCursor in = new ProtoCursor(bytes, from, to);
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      if (tag == tag(2, BYTES)) {
        int outer = in.enter();
        if (in.at() < in.end() && resource == null) {
          resource = field(from, to, 1);
          process = new KeptResource(resource);
        }
        scopeSpans(in.at(), in.end(), process);
        in.leave(outer);
      } else {
        in.skip(tag);
      }
    }
  }

  private void scopeSpans(int from, int to, KeptResource process) throws MalformedSpansException {
    SpanGroup group = null;
    ProtoCursor in = new ProtoCursor(bytes, from, to);
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      if (tag == tag(2, BYTES)) {
        int outer = in.enter();
        // Made of what has a span only: a group of nothing costs two bytes to send.
        group = group == null ? group(process, field(from, to, 1)) : group;
        span(in, group);
        in.leave(outer);
      } else {
        in.skip(tag);
      }
    }
  }

  private SpanGroup group(KeptResource process, byte[] scope) throws MalformedSpansException {
    SpanGroup fresh = new SpanGroup(process, scope);
    SpanGroup known = groups.putIfAbsent(fresh, fresh);
    return known == null ? fresh : known;
  }

  private void span(ProtoCursor in, SpanGroup group) throws MalformedSpansException {
    int from = in.at();
    int length = in.end() - from;
    int termsFrom = scan.count;
    scan.read(in);
    if (!scan.hasIds()) {
      withoutIds++;
      scan.count = termsFrom;
    } else if (scan.elements + group.process.elements > MAX_ELEMENTS) {
      tooLarge++;
      scan.count = termsFrom;
    } else {
      spans.add(entry(group, from, length, termsFrom));
    }
  }

  private Entry entry(SpanGroup group, int from, int length, int termsFrom) {
    return new Entry(
        group,
        from,
        length,
        scan.traceHigh,
        scan.traceLow,
        scan.spanId,
        scan.start,
        scan.end,
        scan.failed,
        scan.elements,
        scan.kind,
        scan.nameFrom,
        scan.nameTo,
        scan.nameHash,
        termsFrom,
        scan.count);
  }

  /** The bytes of the last message of this number, none if it is left out. */
  private byte[] field(int from, int to, int number) throws MalformedSpansException {
    byte[] found = NOTHING;
    ProtoCursor in = new ProtoCursor(bytes, from, to);
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      if (tag == tag(number, BYTES)) {
        int outer = in.enter();
        found = Arrays.copyOfRange(bytes, in.at(), in.end());
        in.leave(outer);
      } else {
        in.skip(tag);
      }
    }
    return found;
  }
}
