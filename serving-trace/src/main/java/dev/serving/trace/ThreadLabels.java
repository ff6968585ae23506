package dev.serving.trace;

import io.opentelemetry.sdk.trace.IdGenerator;

/** What each thread has said of itself, and its source of ids. */
final class ThreadLabels {
  private final String hostId;

  @SuppressWarnings("ThreadLocalUsage") // a test may have several tracings; a process has one
  private final ThreadLocal<TraceIds> ids;

  @SuppressWarnings("ThreadLocalUsage") // as above
  private final ThreadLocal<ThreadInfo> infos = new ThreadLocal<>();

  ThreadLabels(String hostId, IdGenerator generator) {
    this.hostId = hostId;
    this.ids = ThreadLocal.withInitial(() -> TraceIds.forThread(generator));
  }

  /** Returns the calling thread's source of ids. */
  TraceIds ids() {
    return ids.get();
  }

  /** Returns what the calling thread is, null if it has not said and nobody has asked. */
  ThreadInfo get() {
    return infos.get();
  }

  /** Notes what the calling thread is; its first word counts, and any is better than none. */
  ThreadInfo set(String label, Integer tpRank, Integer dpRank, String laneName) {
    ThreadInfo known = infos.get();
    if (known != null && !known.isUnknown()) {
      return known;
    }
    String name = label == null || label.isEmpty() ? ThreadInfo.UNKNOWN : label;
    ThreadInfo info = ThreadInfo.of(name, tpRank, dpRank, hostId, ids.get());
    if (laneName != null && laneName.startsWith(name)) {
      info = info.named(laneName);
    }
    infos.set(info);
    return info;
  }
}
