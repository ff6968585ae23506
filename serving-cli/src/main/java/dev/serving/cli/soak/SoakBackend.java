package dev.serving.cli.soak;

import dev.serving.viewer.Viewer;
import dev.serving.viewer.ViewerConfig;
import dev.serving.viewer.store.StoreConfig;
import dev.serving.viewer.store.StoreCounts;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Where spans go: a viewer that is away for a while, again and again. */
final class SoakBackend implements AutoCloseable {
  private static final int MOST_SPANS = 20_000;
  private static final long MOST_BYTES = 32L << 20;
  private static final int AWAY_SECONDS = 3;

  private final Consumer<Error> onError;
  private final URI uri;
  private Viewer viewer;
  private long taken; // by those before this one

  SoakBackend(Consumer<Error> onError) {
    this.onError = onError;
    viewer = start(0);
    uri = viewer.uri();
  }

  private Viewer start(int port) {
    StoreConfig small = new StoreConfig(MOST_SPANS, MOST_BYTES);
    return Viewer.start(ViewerConfig.defaults().withPort(port).withStore(small), onError);
  }

  URI uri() {
    return uri;
  }

  /** Goes away and comes back, with nothing kept. */
  synchronized void restart() throws InterruptedException {
    end();
    try {
      TimeUnit.SECONDS.sleep(AWAY_SECONDS);
    } finally {
      viewer = start(uri.getPort());
    }
  }

  /** What was accepted before is counted when no more can be. */
  private void end() {
    viewer.close();
    taken += counted();
  }

  private long counted() {
    StoreCounts counts = viewer.store().counts();
    return counts.stored() + counts.duplicates() + counts.refused();
  }

  /** Spans that it has accepted so far, in all its lives. */
  synchronized long taken() {
    return taken + counted();
  }

  @Override
  public synchronized void close() {
    viewer.close();
  }
}
