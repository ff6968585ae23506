package dev.serving.viewer;

import dev.serving.viewer.store.SpanResource;
import dev.serving.viewer.store.SpanWeight;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps one copy of each process's attributes, which come again with every export. Bounded: the
 * process not heard of for longest is forgotten, and large ones are never shared.
 */
final class Resources {
  private static final int MAX_RESOURCES = 256;
  private static final long MAX_BYTES = 8_192;

  private final Object lock = new Object();
  private final Map<SpanResource, SpanResource> known =
      new LinkedHashMap<>(MAX_RESOURCES, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SpanResource, SpanResource> eldest) {
          return size() > MAX_RESOURCES;
        }
      };

  /** The copy to keep. */
  SpanResource shared(SpanResource resource) {
    if (SpanWeight.bytes(resource) > MAX_BYTES) {
      return resource;
    }
    synchronized (lock) {
      SpanResource first = known.putIfAbsent(resource, resource);
      return first == null ? resource : first;
    }
  }
}
