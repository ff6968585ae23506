package dev.serving.viewer.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A stretch of spans in the order in which they came, and what can be found in it.
 *
 * <pre>
 * a span      length │ number of its group  │ place of the trace's span before │ bytes
 * a process   length │ -1                   │ 0                                │ bytes
 * a group     length │ -2                   │ number of its process            │ bytes of the scope
 * </pre>
 *
 * Written under the store's lock; what was written never changes, so whoever saw a place under the
 * lock may read there without it.
 */
final class Block {
  static final int HEAD = 16;

  /** What stands for "no span before". */
  static final long NOWHERE = -1;

  private static final int PROCESS = -1;
  private static final int GROUP = -2;

  final int number;
  final byte[] bytes;
  final TermSet terms = new TermSet();
  final List<SpanGroup> groups = new ArrayList<>();
  final Set<TraceStore.Operation> operations = new HashSet<>();
  private final List<KeptResource> known = new ArrayList<>();
  private final Map<KeptResource, Integer> processes = new HashMap<>();
  private final Map<SpanGroup, Integer> numberOf = new HashMap<>();
  private int used;
  private long sharedBytes;

  /** When the last span came, in milliseconds since the epoch. */
  long touchedMillis;

  /** So much of it is on the disk, where it is kept there. */
  int kept;

  /** Traces whose first span lies here and which are still held. */
  int begun;

  Block(int number, int size) {
    this.number = number;
    this.bytes = new byte[size];
  }

  /** As it was found on the disk, still without what can be found in it. */
  Block(BlockFiles.Found found) {
    this.number = found.number;
    this.bytes = found.bytes;
    this.used = bytes.length;
    this.kept = used;
    this.touchedMillis = found.modifiedMillis;
  }

  /** Makes the record of a process or a group here known again, while a block is read. */
  void know(int place) throws MalformedSpansException {
    int from = place + HEAD;
    byte[] shared = Arrays.copyOfRange(bytes, from, from + length(place));
    if ((int) ProtoCursor.INTS.get(bytes, place + 4) == PROCESS) {
      know(new KeptResource(shared));
    } else {
      know(new SpanGroup(known.get((int) before(place)), shared));
    }
  }

  /** Puts another place before this span. */
  void relink(int place, long before) {
    ProtoCursor.LONGS.set(bytes, place + 8, before);
  }

  /** Bytes that this span would take here. */
  long room(SpanGroup group, int length) {
    long room = (long) HEAD + length;
    if (!numberOf.containsKey(group)) {
      room += HEAD + group.bytes.length;
      room += processes.containsKey(group.process) ? 0 : HEAD + group.process.bytes.length;
    }
    return room;
  }

  /** Bytes that this span would take in a block of its own. */
  static long roomAlone(SpanGroup group, int length) {
    return 3L * HEAD + length + group.bytes.length + group.process.bytes.length;
  }

  int free() {
    return bytes.length - used;
  }

  int used() {
    return used;
  }

  /** Appends a span; gives its place in this block. */
  int append(SpanGroup group, byte[] from, int at, int length, long before) {
    int ofGroup = numberOf.computeIfAbsent(group, this::write);
    return write(from, at, length, ofGroup, before);
  }

  int length(int place) {
    return (int) ProtoCursor.INTS.get(bytes, place);
  }

  SpanGroup group(int place) {
    return groups.get((int) ProtoCursor.INTS.get(bytes, place + 4));
  }

  long before(int place) {
    return (long) ProtoCursor.LONGS.get(bytes, place + 8);
  }

  boolean isSpan(int place) {
    return (int) ProtoCursor.INTS.get(bytes, place + 4) >= 0;
  }

  /** Where the record behind this one begins. */
  int next(int place) {
    return place + HEAD + length(place);
  }

  StoredSpan read(int place) {
    return SpanDecoder.span(bytes, place + HEAD, length(place), group(place));
  }

  /** Nothing more comes: gives back what only growing needs. */
  void seal() {
    terms.seal();
    numberOf.clear();
    processes.clear();
  }

  boolean isSealed() {
    return terms.isSealed();
  }

  /** What it takes of the heap, in bytes. */
  long weight() {
    return bytes.length + terms.bytes() + sharedBytes + 200L * operations.size();
  }

  private int write(SpanGroup group) {
    int process = processes.computeIfAbsent(group.process, this::write);
    write(group.bytes, 0, group.bytes.length, GROUP, process);
    know(group);
    return groups.size() - 1;
  }

  private int write(KeptResource process) {
    write(process.bytes, 0, process.bytes.length, PROCESS, 0);
    know(process);
    return known.size() - 1;
  }

  private void know(SpanGroup group) {
    groups.add(group);
    sharedBytes += group.weight();
    addTerms(group.terms);
  }

  private void know(KeptResource process) {
    known.add(process);
    sharedBytes += process.weight();
    addTerms(process.terms);
  }

  private void addTerms(long[] all) {
    for (long term : all) {
      terms.add(term);
    }
  }

  private int write(byte[] from, int at, int length, int group, long before) {
    int place = used;
    ProtoCursor.INTS.set(bytes, place, length);
    ProtoCursor.INTS.set(bytes, place + 4, group);
    ProtoCursor.LONGS.set(bytes, place + 8, before);
    System.arraycopy(from, at, bytes, place + HEAD, length);
    used += HEAD + length;
    return place;
  }
}
