package dev.serving.viewer.store;

import java.util.Arrays;

/** A process as it came: a Resource's bytes, read once. */
final class KeptResource {
  final byte[] bytes;
  final int elements;
  final long[] terms;
  final SpanResource resource;
  final long service;
  private final int hash;

  KeptResource(byte[] bytes) throws MalformedSpansException {
    SpanScan scan = new SpanScan();
    scan.attributes(new ProtoCursor(bytes, 0, bytes.length), 1);
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
    this.elements = scan.elements;
    this.resource = elements > Export.MAX_ELEMENTS ? null : SpanDecoder.resource(bytes);
    this.service = resource == null ? 0 : Terms.service(Terms.hash(resource.service()));
    scan.add(service);
    this.terms = Arrays.copyOf(scan.terms, scan.count);
  }

  /** What it takes of the heap, in bytes: as it came, and read. */
  long weight() {
    return 300L + 3L * bytes.length + 200L * elements + 8L * terms.length;
  }

  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    return other instanceof KeptResource that
        && hash == that.hash
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
