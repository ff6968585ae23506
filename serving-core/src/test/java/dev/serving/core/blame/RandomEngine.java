package dev.serving.core.blame;

import dev.serving.core.blame.RequestPath.ChoicePath;
import dev.serving.core.blame.RequestPath.Gap;
import dev.serving.core.blame.RequestPath.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An engine that runs random steps for random requests: chunked prompts, requests that are passed
 * over, preempted, cancelled while they wait, on several ranks that are late in turns.
 */
final class RandomEngine {
  final List<RequestPath> paths = new ArrayList<>();
  private final SplittableRandom random;
  private final StepBuffer buffer = new StepBuffer();
  private final List<Life> waiting = new ArrayList<>();
  private final List<Life> running = new ArrayList<>();
  private final int ranks;
  private long now = 1_000_000;
  private long step;
  private int made;

  /** Nanoseconds that ranks had steps. */
  long heldNs;

  RandomEngine(long seed) {
    random = new SplittableRandom(seed);
    ranks = 1 + random.nextInt(3);
  }

  byte[] run(int requests) {
    while (made < requests || !running.isEmpty() || !waiting.isEmpty()) {
      for (int i = random.nextInt(3); i > 0 && made < requests; i--) {
        Life life = new Life("request-" + made++, now);
        paths.add(null);
        life.place = paths.size() - 1;
        waiting.add(life);
      }
      step();
    }
    return buffer.take();
  }

  long now() {
    return now;
  }

  private long pass(int most) {
    now += random.nextInt(most);
    return now;
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
    long sent = pass(2_000);
    long held = 1 + random.nextInt(100_000);
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
    if (!waiting.isEmpty() && random.nextInt(30) == 0) {
      end(waiting.remove(0), now, false);
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
      end(life, sent, true);
    }
  }

  private void end(Life life, long sent, boolean whole) {
    Token end =
        whole
            ? life.last
            : new Token(life.tokens, sent, sent + random.nextInt(9_000), sent + 9_000);
    long concluded = whole ? end.takenNs() + random.nextInt(5_000) : 0;
    long written = Math.max(end.takenNs(), concluded) + random.nextInt(50_000);
    paths.set(
        life.place,
        new RequestPath(
            life.began,
            life.began + 100,
            life.began + 250,
            life.began + 700,
            life.began + 800,
            0,
            List.of(new ChoicePath(life.rid, life.first, life.worst, end)),
            concluded,
            written,
            written + random.nextInt(1_000)));
  }

  /** One request. */
  private final class Life {
    final String rid;
    final long key;
    final long began;
    final int wanted;
    long queued;
    boolean again;
    int place;
    int tokens;
    Token first;
    Token last;
    Gap worst;

    Life(String rid, long queued) {
      this.rid = rid;
      this.key = StepKey.of(rid);
      this.queued = queued;
      this.began = queued - 1_000;
      this.wanted = random.nextInt(30);
    }
  }
}
