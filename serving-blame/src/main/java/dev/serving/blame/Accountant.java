package dev.serving.blame;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
    Book book = books.get(engine);
    if (book.noted(new Note(steps, completeNs))) {
      run(book::hear);
    }
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

  /** What an engine has told: steps, and until when it has now told of all. */
  private record Note(byte[] steps, long completeNs) {}

  /**
   * One engine's ledger, and who waits for it to be complete. Notes lie unheard until somebody
   * needs them, or they are many: each request that is over has some, and to wake the thread for
   * them and again for its account is twice what it takes.
   */
  private static final class Book {
    private static final int MANY = 8;

    private final Queue<Note> notes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unheard = new AtomicInteger();
    private volatile boolean awaited;

    // all below by the thread "blame"
    private final Ledger ledger;
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean ended;

    Book(Ledger ledger) {
      this.ledger = ledger;
    }

    /** Takes notes, and tells whether they should be heard now. Any thread. */
    boolean noted(Note note) {
      notes.add(note);
      return unheard.incrementAndGet() >= MANY || awaited;
    }

    void hear() {
      for (Note note = notes.poll(); note != null; note = notes.poll()) {
        unheard.decrementAndGet();
        ended = false;
        ledger.add(note.steps(), note.completeNs());
      }
      settle();
    }

    void lost() {
      hear();
      ended = true;
      settle();
    }

    void settle(RequestPath path, Consumer<Account> then) {
      hear();
      Waiting next = new Waiting(path, then);
      if (mayBeSettled(next)) {
        next.settle(ledger);
      } else {
        waiting.add(next);
        awaited = true; // whoever notes from now on sees that; what came just before is heard now
        hear();
      }
    }

    private boolean mayBeSettled(Waiting next) {
      return ended || next.completeFrom() <= ledger.completeNs();
    }

    private void settle() {
      for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
        Waiting next = all.next();
        if (mayBeSettled(next)) {
          all.remove();
          next.settle(ledger);
        }
      }
      awaited = !waiting.isEmpty();
    }
  }

  /**
   * Waits for an account.
   *
   * @param completeFrom until when the engine must have told of its steps
   */
  private record Waiting(RequestPath path, long completeFrom, Consumer<Account> then) {
    Waiting(RequestPath path, Consumer<Account> then) {
      this(path, path.sentNs(), then);
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
