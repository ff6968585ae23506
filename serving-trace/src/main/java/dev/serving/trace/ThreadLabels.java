package dev.serving.trace;

import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SpanLimits;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What each thread has said of itself, and its source of ids. */
final class ThreadLabels {
  private static final Pattern NUMBERS = Pattern.compile("[-_ #:.]*\\d+[-_ #:.]*");
  private static final int MOST_KINDS = 100;
  private static final String ANY = "thread";

  private final String hostId;
  private final SpanLimits limits;
  private final Set<String> kinds = ConcurrentHashMap.newKeySet();

  @SuppressWarnings("ThreadLocalUsage") // a test may have several tracings; a process has one
  private final ThreadLocal<TraceIds> ids;

  @SuppressWarnings("ThreadLocalUsage") // as above
  private final ThreadLocal<ThreadInfo> infos = new ThreadLocal<>();

  ThreadLabels(String hostId, IdGenerator generator, SpanLimits limits) {
    this.hostId = hostId;
    this.limits = limits;
    this.ids = ThreadLocal.withInitial(() -> TraceIds.forThread(generator));
  }

  /** Returns the calling thread's source of ids. */
  TraceIds ids() {
    return ids.get();
  }

  /** Returns what the calling thread is, null if it has not said and nobody has asked. */
  @Nullable ThreadInfo get() {
    return infos.get();
  }

  /** Notes what the calling thread says that it is; its first word counts. */
  void set(
      @Nullable String label,
      @Nullable Integer tpRank,
      @Nullable Integer dpRank,
      @Nullable String laneName) {
    ThreadInfo known = infos.get();
    if (known == null || !known.given()) {
      String name = label == null || label.isEmpty() ? ThreadInfo.UNKNOWN : label;
      String shown = laneName != null && laneName.startsWith(name) ? laneName : name;
      note(!name.equals(ThreadInfo.UNKNOWN), name, tpRank, dpRank, shown);
    }
  }

  /** Notes a name for the calling thread, which has said nothing, until it does. */
  ThreadInfo assume(String label) {
    return note(false, label, null, null, label);
  }

  private ThreadInfo note(
      boolean given,
      String label,
      @Nullable Integer tpRank,
      @Nullable Integer dpRank,
      String laneName) {
    ThreadInfo info =
        ThreadInfo.of(given, label, tpRank, dpRank, hostId, ids.get(), limits).named(laneName);
    infos.set(info);
    return info;
  }

  /**
   * Returns what a thread of this name is called: the name without its numbers, so that the threads
   * of a pool are one kind. Of more kinds than a backend should list, all others are one.
   */
  String kindOf(String threadName) {
    String kind = NUMBERS.matcher(threadName).replaceAll("-");
    String plain = kind.replaceAll("^-+|-+$", "");
    if (plain.isEmpty()) {
      return ANY;
    }
    if (kinds.size() >= MOST_KINDS && !kinds.contains(plain)) {
      return ANY;
    }
    kinds.add(plain);
    return plain;
  }
}
