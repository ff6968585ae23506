package dev.serving.blame;

import dev.serving.blame.RequestPath.ChoicePath;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps the ledgers of a frontend's engines, and makes the accounts of its requests on a thread of
 * its own, {@code blame}. Any thread may call.
 */
public final class Accountant implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  private final List<Book> books;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "blame");
            made.setDaemon(true);
            return made;
          });

  /**
   * For some engines.
   *
   * @param ledgerBytes how much each one's ledger may take
   */
  public Accountant(int engines, long ledgerBytes) {
    books = Stream.generate(() -> new Book(new Ledger(ledgerBytes))).limit(engines).toList();
  }

  /**
   * An engine noted steps.
   *
   * @param steps what {@link StepBuffer#take} gave
   * @param completeNs until when it has now told of all that it did
   */
  public void noted(int engine, byte[] steps, long completeNs) {
    run(() -> books.get(engine).noted(steps, completeNs));
  }

  /** An engine has ended: nothing more is to be heard of what it did. */
  public void lost(int engine) {
    run(() -> books.get(engine).lost());
  }

  /**
   * A request is over.
   *
   * @param then is given its account, once, as soon as its engine has told of all that it did for
   *     it; on the thread {@code blame}, which it must not hold up
   */
  public void settle(RequestPath path, Consumer<Account> then) {
    Book book = books.get(Math.max(0, path.engine()));
    try {
      thread.execute(() -> book.settle(path, then));
    } catch (RejectedExecutionException e) { // at the very end: with what is known
      then.accept(Accounting.of(path, new Ledger(0)));
    }
  }

  private void run(Runnable work) {
    if (!thread.isShutdown()) {
      thread.execute(work);
    }
  }

  /** Settles what still waits. */
  @Override
  public void close() {
    for (int engine = 0; engine < books.size(); engine++) {
      lost(engine);
    }
    thread.shutdown();
    try {
      thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One engine's ledger, and who waits for it to be complete. */
  private static final class Book {
    private final Ledger ledger;
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean ended;

    Book(Ledger ledger) {
      this.ledger = ledger;
    }

    void noted(byte[] steps, long completeNs) {
      ended = false;
      ledger.add(steps, completeNs);
      settle();
    }

    void lost() {
      ended = true;
      settle();
    }

    void settle(RequestPath path, Consumer<Account> then) {
      waiting.add(new Waiting(path, then));
      settle();
    }

    private void settle() {
      for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
        Waiting next = all.next();
        if (ended || next.completeFrom() <= ledger.completeNs()) {
          all.remove();
          next.settle(ledger);
        }
      }
    }
  }

  private record Waiting(RequestPath path, Consumer<Account> then) {
    /** Until when the engine must have told of its steps. */
    long completeFrom() {
      return path.choices().stream()
          .map(ChoicePath::end)
          .filter(end -> end != null && end.sentNs() != 0)
          .mapToLong(RequestPath.Token::sentNs)
          .max()
          .orElse(Long.MIN_VALUE);
    }

    /** Whatever happens, whoever waits is told, and the thread goes on for others. */
    void settle(Ledger ledger) {
      Account account;
      try {
        account = Accounting.settle(path, ledger);
      } catch (RuntimeException e) {
        System.getLogger(Accountant.class.getName())
            .log(System.Logger.Level.ERROR, "no account of " + path, e);
        account = Accounting.of(path, new Ledger(0));
      }
      then.accept(account);
    }
  }
}
