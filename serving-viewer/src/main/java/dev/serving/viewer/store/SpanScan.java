package dev.serving.viewer.store;

import static dev.serving.viewer.store.ProtoCursor.BYTES;
import static dev.serving.viewer.store.ProtoCursor.FIXED32;
import static dev.serving.viewer.store.ProtoCursor.FIXED64;
import static dev.serving.viewer.store.ProtoCursor.VARINT;
import static dev.serving.viewer.store.ProtoCursor.tag;

import java.util.Arrays;

/**
 * Walks one span's protobuf bytes: checks that they are one, notes what the store needs of it and
 * collects its {@link Terms}. Reused from span to span; not for several threads.
 */
final class SpanScan {
  private static final long KIND_KEY = Terms.hash("span.kind");
  private static final long CODE_KEY = Terms.hash("otel.status_code");
  private static final long MESSAGE_KEY = Terms.hash("otel.status_description");
  private static final long ERROR_KEY = Terms.hash("error");
  private static final long EVENT_KEY = Terms.hash("event");
  private static final long[] KINDS = new long[SpanKind.values().length];

  static {
    for (SpanKind kind : SpanKind.values()) {
      KINDS[kind.number()] = Terms.text(KIND_KEY, Terms.hash(kind.label()));
    }
  }

  private static final long OK = Terms.text(CODE_KEY, Terms.hash("OK"));
  private static final long ERROR = Terms.text(CODE_KEY, Terms.hash("ERROR"));

  long traceHigh;
  long traceLow;
  long spanId;
  long start;
  long end;
  int kind;
  boolean failed;
  int nameFrom;
  int nameTo;
  long nameHash;

  /** Attributes, list elements, events and links: what reading it makes objects of. */
  int elements;

  long[] terms = new long[64];
  int count;

  /** Forgets the terms of the spans before. */
  void clear() {
    count = 0;
  }

  /** Whether the last span has ids by which it can be kept. */
  boolean hasIds() {
    return (traceHigh | traceLow) != 0 && spanId != 0;
  }

  /** Reads the span that the cursor has entered; its terms are added to those collected. */
  void read(ProtoCursor in) throws MalformedSpansException {
    traceHigh = traceLow = spanId = start = end = nameHash = 0;
    kind = elements = nameFrom = nameTo = 0;
    failed = false;
    int code = 0;
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      switch (tag) {
        case (1 << 3) | BYTES -> traceId(in);
        case (2 << 3) | BYTES -> spanId(in);
        case (3 << 3) | BYTES -> text(in);
        case (5 << 3) | BYTES -> name(in);
        case (6 << 3) | VARINT -> kind = (int) in.varint();
        case (7 << 3) | FIXED64 -> start = Math.max(0, in.fixed64());
        case (8 << 3) | FIXED64 -> end = Math.max(0, in.fixed64());
        case (9 << 3) | BYTES -> attribute(in);
        case (11 << 3) | BYTES -> event(in);
        case (13 << 3) | BYTES -> link(in);
        case (15 << 3) | BYTES -> code = status(in, code);
        default -> in.skip(tag);
      }
    }
    end = Math.max(start, end);
    failed = code == 2;
    kind = kind < 0 || kind >= KINDS.length ? 0 : kind;
    add(Terms.operation(nameHash));
    add(Terms.truth(ERROR_KEY, failed));
    if (kind != 0) {
      add(KINDS[kind]);
    }
    if (code == 1 || failed) {
      add(failed ? ERROR : OK);
    }
  }

  /** Reads a repeated field of attributes from a message that is not a span. */
  void attributes(ProtoCursor in, int field) throws MalformedSpansException {
    elements = 0;
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      if (tag == tag(field, BYTES)) {
        attribute(in);
      } else {
        in.skip(tag);
      }
    }
  }

  /** Reads the attribute that begins here. */
  void attribute(ProtoCursor in) throws MalformedSpansException {
    elements++;
    int outer = in.enter();
    long key = 0;
    boolean early = false;
    int valueFrom = -1;
    int valueTo = -1;
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      if (tag == tag(1, BYTES)) {
        key = text(in);
      } else if (tag == tag(2, BYTES)) {
        int of = in.enter();
        early = key == 0;
        valueFrom = in.at();
        valueTo = in.end();
        long term = value(in, key);
        if (!early) {
          add(term);
        }
        in.leave(of);
      } else {
        in.skip(tag);
      }
    }
    if (key != 0 && (early || valueFrom < 0)) {
      late(in.bytes, key, valueFrom, valueTo);
    }
    in.leave(outer);
  }

  void add(long term) {
    if (count == terms.length) {
      terms = Arrays.copyOf(terms, 2 * count);
    }
    terms[count++] = term;
  }

  /** The key came after the value, or without one. */
  private void late(byte[] bytes, long key, int from, int to) throws MalformedSpansException {
    int counted = elements;
    add(from < 0 ? Terms.other(key) : value(new ProtoCursor(bytes, from, to), key));
    elements = counted;
  }

  private long value(ProtoCursor in, long key) throws MalformedSpansException {
    long term = Terms.other(key);
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      switch (tag) {
        case (1 << 3) | BYTES -> term = Terms.text(key, text(in));
        case (2 << 3) | VARINT -> term = Terms.truth(key, in.varint() != 0);
        case (3 << 3) | VARINT -> term = Terms.whole(key, in.varint());
        case (4 << 3) | FIXED64 -> term = Terms.real(key, Double.longBitsToDouble(in.fixed64()));
        case (5 << 3) | BYTES -> term = list(in, key);
        case (6 << 3) | BYTES -> term = map(in, key);
        case (7 << 3) | BYTES -> {
          in.skip(tag);
          term = Terms.other(key);
        }
        default -> in.skip(tag);
      }
    }
    return term;
  }

  private long list(ProtoCursor in, long key) throws MalformedSpansException {
    int outer = in.enter();
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      if (tag == tag(1, BYTES)) {
        elements++;
        int of = in.enter();
        value(in, 0);
        in.leave(of);
      } else {
        in.skip(tag);
      }
    }
    in.leave(outer);
    return Terms.other(key);
  }

  private long map(ProtoCursor in, long key) throws MalformedSpansException {
    int outer = in.enter();
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      if (tag == tag(1, BYTES)) {
        entry(in);
      } else {
        in.skip(tag);
      }
    }
    in.leave(outer);
    return Terms.other(key);
  }

  private void entry(ProtoCursor in) throws MalformedSpansException {
    elements++;
    int outer = in.enter();
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      if (tag == tag(1, BYTES)) {
        text(in);
      } else if (tag == tag(2, BYTES)) {
        int of = in.enter();
        value(in, 0);
        in.leave(of);
      } else {
        in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private void event(ProtoCursor in) throws MalformedSpansException {
    elements++;
    int outer = in.enter();
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      switch (tag) {
        case (2 << 3) | BYTES -> add(Terms.text(EVENT_KEY, text(in)));
        case (3 << 3) | BYTES -> attribute(in);
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private void link(ProtoCursor in) throws MalformedSpansException {
    elements++;
    int outer = in.enter();
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      switch (tag) {
        case (3 << 3) | BYTES -> text(in);
        case (4 << 3) | BYTES -> attribute(in);
        case (6 << 3) | FIXED32 -> in.fixed32();
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
  }

  private int status(ProtoCursor in, int before) throws MalformedSpansException {
    int code = before;
    int outer = in.enter();
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      switch (tag) {
        case (2 << 3) | BYTES -> add(Terms.text(MESSAGE_KEY, text(in)));
        case (3 << 3) | VARINT -> code = (int) in.varint();
        default -> in.skip(tag);
      }
    }
    in.leave(outer);
    return code;
  }

  private void traceId(ProtoCursor in) throws MalformedSpansException {
    int outer = in.enter();
    boolean whole = in.end() - in.at() == 16;
    traceHigh = whole ? Long.reverseBytes((long) ProtoCursor.LONGS.get(in.bytes, in.at())) : 0;
    traceLow = whole ? Long.reverseBytes((long) ProtoCursor.LONGS.get(in.bytes, in.at() + 8)) : 0;
    in.leave(outer);
  }

  private void spanId(ProtoCursor in) throws MalformedSpansException {
    int outer = in.enter();
    boolean whole = in.end() - in.at() == 8;
    spanId = whole ? Long.reverseBytes((long) ProtoCursor.LONGS.get(in.bytes, in.at())) : 0;
    in.leave(outer);
  }

  private void name(ProtoCursor in) throws MalformedSpansException {
    int outer = in.enter();
    in.text();
    nameFrom = in.at();
    nameTo = in.end();
    nameHash = Terms.hash(in.bytes, nameFrom, nameTo);
    in.leave(outer);
  }

  /** Checks the text that begins here and gives its hash. */
  static long text(ProtoCursor in) throws MalformedSpansException {
    int outer = in.enter();
    in.text();
    long hash = Terms.hash(in.bytes, in.at(), in.end());
    in.leave(outer);
    return hash;
  }
}
