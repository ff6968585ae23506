package dev.serving.cli.soak;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Looks at a server's metrics every second, in a thread of its own. */
final class Watch implements Runnable {
  private final SoakServer server;
  private final Balance balance;

  Watch(SoakServer server, Balance balance) {
    this.server = server;
    this.balance = balance;
  }

  /** Goes on until it is interrupted. */
  @Override
  public void run() {
    try {
      while (true) {
        balance.look(server.scrape());
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      balance.failed(e);
    }
  }
}
