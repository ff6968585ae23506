package dev.serving.viewer;

import dev.serving.viewer.store.TraceStore;
import java.io.IOException;
import java.util.Map;

/** Keeps a trace out of eviction, or lets it go again. */
final class PinApi {
  private static final int NO_ROOM = 409;
  private static final String PATH = "/viewer/traces/{id}/pin";

  private final TraceStore store;

  PinApi(TraceStore store) {
    this.store = store;
  }

  void addTo(Routes routes) {
    routes
        .put(PATH, call -> Answer.orError(() -> pin(call.variable("id"))))
        .delete(PATH, call -> Answer.orError(() -> unpin(call.variable("id"))));
  }

  private Answer pin(String id) throws BadQueryException {
    try {
      return switch (store.pin(TraceIds.parse(id))) {
        case PINNED -> Answer.json(Map.of("pinned", true));
        case MISSING -> throw BadQueryException.missing(id);
        case NO_ROOM ->
            Answer.error(
                NO_ROOM,
                "pinned traces are 100 at most and fill a quarter of the store at most;"
                    + " let another one go first");
      };
    } catch (IOException e) {
      return notKept(e);
    }
  }

  private Answer unpin(String id) throws BadQueryException {
    try {
      if (!store.unpin(TraceIds.parse(id))) {
        throw BadQueryException.missing(id);
      }
      return Answer.json(Map.of("pinned", false));
    } catch (IOException e) {
      return notKept(e);
    }
  }

  private static Answer notKept(IOException e) {
    return Answer.error(500, "done, but the next start will not know of it: " + e.getMessage());
  }
}
