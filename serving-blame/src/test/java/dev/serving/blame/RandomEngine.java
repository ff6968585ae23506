package dev.serving.blame;

import dev.serving.blame.RequestPath.ChoicePath;
import dev.serving.blame.RequestPath.Gap;
import dev.serving.blame.RequestPath.Token;
import dev.serving.blame.RequestPath.Unread;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An engine that runs random steps for random requests of one choice or several: prompts in pieces,
 * choices that are passed over, preempted, cancelled while they wait or run, on several ranks that
 * are late in turns. It may be killed in the midst of it: then what it noted last is not heard.
 */
final class RandomEngine {
  final List<RequestPath> paths = new ArrayList<>();

  /** What it told of its steps, as it was sent. */
  final List<byte[]> pages = new ArrayList<>();

  /** Nanoseconds that ranks had steps. */
  long heldNs;

  private final SplittableRandom random;
  private final StepBuffer buffer = new StepBuffer();
  private final List<Life> waiting = new ArrayList<>();
  private final List<Life> running = new ArrayList<>();
  private final int ranks;
  private long now = 1_000_000;
  private long step;
  private int made;

  RandomEngine(long seed) {
    random = new SplittableRandom(seed);
    ranks = 1 + random.nextInt(3);
  }

  /** Runs so many requests to their end. */
  void run(int requests) {
    while (made < requests || !running.isEmpty() || !waiting.isEmpty()) {
      arrive(requests);
      step();
    }
    pages.add(buffer.take());
  }

  /** Runs until so many have come, and is killed then. */
  void runAndDie(int requests) {
    while (made < requests) {
      arrive(requests);
      step();
    }
    buffer.take();
    running.addAll(waiting);
    waiting.clear();
    long noticed = pass(50_000);
    for (Life life : List.copyOf(running)) {
      end(life, new Token(life.tokens, 0, noticed, pass(20_000)), 0);
    }
  }

  long now() {
    return now;
  }

  private long pass(int most) {
    now += random.nextInt(most);
    return now;
  }

  private void arrive(int requests) {
    for (int i = random.nextInt(3); i > 0 && made < requests; i--) {
      Request request = new Request(now);
      for (int n = random.nextInt(4) == 0 ? 3 : 1; n > 0; n--) {
        waiting.add(new Life(request, "request-" + made + "-" + n, now));
      }
      made++;
    }
  }

  private void step() {
    long planned = pass(3_000);
    Life victim = running.size() > 2 && random.nextInt(20) == 0 ? running.remove(0) : null;
    List<Life> admitted = new ArrayList<>();
    while (victim == null && !waiting.isEmpty() && running.size() < 6 && random.nextInt(3) > 0) {
      admitted.add(waiting.remove(0));
    }
    if (victim != null) {
      victim.again = true;
      victim.queued = now;
      waiting.add(0, victim);
    }
    running.addAll(admitted);
    if (running.isEmpty()) {
      return;
    }
    List<Life> batch = new ArrayList<>(running);
    if (batch.size() > admitted.size() && batch.size() > 1 && random.nextInt(5) == 0) {
      batch.remove(0);
    }
    note(planned, victim, admitted, batch);
    if (random.nextInt(10) == 0) {
      pages.add(buffer.take());
    }
    if (random.nextInt(30) == 0) {
      cancelOne();
    }
  }

  private void note(long planned, Life victim, List<Life> admitted, List<Life> batch) {
    long sent = pass(2_000);
    long held = 1 + random.nextLong(100_000);
    now += held;
    heldNs += held;
    long answered = now;
    long completed = answered + random.nextInt(5_000);
    buffer.begin(++step, planned, sent, answered, completed);
    buffer.queue(waiting.isEmpty() ? 0 : 1 + random.nextInt(3), waiting.size(), random.nextInt(9));
    for (int rank = 0; rank < ranks; rank++) {
      long busy = random.nextLong(held);
      buffer.rank(busy, random.nextLong(held - busy), random.nextInt(100) == 0 ? busy / 2 : 0);
    }
    for (Life life : batch) {
      boolean prefill = life.tokens == 0;
      int rows = prefill ? 1 + random.nextInt(500) : 1;
      buffer.part(life.key, StepPart.pack(prefill, life.again, rows, random.nextInt(900), 3));
    }
    admitted.stream().filter(batch::contains).forEach(l -> buffer.admitted(l.key, l.queued));
    if (victim != null) {
      buffer.preempted(victim.key, batch.get(0).key);
    }
    buffer.end();
    long out = answered;
    for (Life life : batch) {
      out = Math.min(completed, out + random.nextInt(200));
      token(life, out);
    }
    now = completed;
  }

  /** A client has gone, whether its request waits or runs. */
  private void cancelOne() {
    List<Life> all = random.nextBoolean() ? waiting : running;
    if (!all.isEmpty()) {
      Life life = all.remove(random.nextInt(all.size()));
      end(life, new Token(life.tokens, now, now + random.nextInt(9_000), now + 9_000), 0);
    }
  }

  private void token(Life life, long sent) {
    if (random.nextInt(4) == 0) {
      return; // a part of a prompt
    }
    long heard = sent + random.nextInt(30_000); // also longer than the next step takes to begin
    long taken = heard + random.nextInt(20_000);
    if (life.last != null) {
      heard = Math.max(heard, life.last.heardNs());
      taken = Math.max(taken, life.last.takenNs());
    }
    Token token = new Token(life.tokens++, sent, heard, taken);
    life.first = life.first == null ? token : life.first;
    if (life.last != null) {
      Gap gap = new Gap(life.last, token);
      life.worst = life.worst == null || gap.ns() > life.worst.ns() ? gap : life.worst;
    }
    life.last = token;
    if (life.tokens > life.wanted) {
      running.remove(life);
      end(life, life.last, life.last.takenNs() + random.nextInt(5_000));
    }
  }

  private void end(Life life, Token end, long concluded) {
    Request request = life.request;
    request.ended.add(new ChoicePath(life.rid, life.first, life.worst, end));
    request.lastNs = Math.max(request.lastNs, Math.max(end.takenNs(), concluded));
    running.remove(life);
    if (request.ended.size() == request.lives) {
      paths.add(request.path(concluded));
    }
  }

  /** One request. */
  private final class Request {
    final List<ChoicePath> ended = new ArrayList<>();
    final long beganNs;
    int lives;
    long lastNs;

    Request(long queued) {
      beganNs = queued - 1_000;
    }

    /** Of some requests, whatever the engine made of it. */
    private List<Unread> unread() {
      List<Unread> intervals = new ArrayList<>();
      long from = beganNs + random.nextInt(100_000);
      while (random.nextInt(3) == 0) {
        long to = from + random.nextInt(100_000);
        intervals.add(new Unread(from, to));
        from = to + random.nextInt(100_000);
      }
      return intervals;
    }

    RequestPath path(long concluded) {
      long written = lastNs + random.nextInt(50_000);
      return new RequestPath(
          beganNs,
          beganNs + 100,
          beganNs + 250,
          beganNs + 700,
          beganNs + 800,
          0,
          ended,
          unread(),
          concluded,
          written,
          written + random.nextInt(1_000));
    }
  }

  /** One choice of a request. */
  private final class Life {
    final Request request;
    final String rid;
    final long key;
    final int wanted;
    long queued;
    boolean again;
    int tokens;
    Token first;
    Token last;
    Gap worst;

    Life(Request request, String rid, long queued) {
      this.request = request;
      this.rid = rid;
      this.key = StepKey.of(rid);
      this.queued = queued;
      this.wanted = random.nextInt(30);
      request.lives++;
    }
  }
}
