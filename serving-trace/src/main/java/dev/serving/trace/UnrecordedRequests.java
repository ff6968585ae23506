package dev.serving.trace;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Requests that are known but not recorded: all that is kept of one is its carrier. Nobody waits
 * for their end, so of more than there is place for, the oldest is forgotten.
 */
final class UnrecordedRequests {
  static final int MAX = 65_536;

  private final Map<String, TraceReqContext> handles =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TraceReqContext> eldest) {
          return size() > MAX;
        }
      };

  synchronized void put(String rid, TraceReqContext handle) {
    handles.put(rid, handle);
  }

  synchronized TraceReqContext get(String rid) {
    return handles.get(rid);
  }

  synchronized void remove(String rid) {
    handles.remove(rid);
  }
}
