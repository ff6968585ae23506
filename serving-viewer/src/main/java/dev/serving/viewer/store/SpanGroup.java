package dev.serving.viewer.store;

import static dev.serving.viewer.store.ProtoCursor.BYTES;
import static dev.serving.viewer.store.ProtoCursor.tag;

import java.util.Arrays;

/** What the spans of one instrumentation in one process share: the process, and a scope's bytes. */
final class SpanGroup {
  private static final long NAME = Terms.hash("otel.scope.name");
  private static final long VERSION = Terms.hash("otel.scope.version");

  final KeptResource process;
  final byte[] bytes;
  final long[] terms;
  final SpanScope scope;
  private final int hash;

  SpanGroup(KeptResource process, byte[] bytes) throws MalformedSpansException {
    SpanScan scan = new SpanScan();
    terms(scan, new ProtoCursor(bytes, 0, bytes.length));
    this.process = process;
    this.bytes = bytes;
    this.hash = 31 * process.hashCode() + Arrays.hashCode(bytes);
    this.terms = Arrays.copyOf(scan.terms, scan.count);
    this.scope = SpanDecoder.scope(bytes);
  }

  /** What it takes of the heap but for the process, in bytes. */
  long weight() {
    return 300L + 3L * bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    return other instanceof SpanGroup that
        && hash == that.hash
        && Arrays.equals(bytes, that.bytes)
        && process.equals(that.process);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  private static void terms(SpanScan scan, ProtoCursor in) throws MalformedSpansException {
    for (int tag = in.next(); tag != 0; tag = in.next()) {
      if (tag == tag(1, BYTES)) {
        scan.add(Terms.text(NAME, SpanScan.text(in)));
      } else if (tag == tag(2, BYTES)) {
        scan.add(Terms.text(VERSION, SpanScan.text(in)));
      } else if (tag == tag(3, BYTES)) {
        scan.attribute(in);
      } else {
        in.skip(tag);
      }
    }
  }
}
