package dev.serving.core.engine;

import dev.serving.core.fairness.Greediest;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Sequences that wait, and whose turn it is: among the most urgent, that of the client for whom the
 * model has computed the fewest rows; among its own, the one that is due first.
 *
 * <p>This is the Virtual Token Counter of "Fairness in Serving Large Language Models" (Sheng et
 * al., OSDI 2024). Who begins to wait gets no credit for the time in which he did not: he is
 * counted as much as the others who wait were given, at the least. Clients without open requests
 * are forgotten. Owned by the scheduler's thread.
 */
final class ClientTurns {
  private final Map<String, Client> clients = new HashMap<>();
  private long level; // what the client that had the last turn had been given by then
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** A request of its client is open from now on. */
  void open(Sequence sequence) {
    clients.computeIfAbsent(sequence.client, name -> new Client()).open++;
  }

  /** It is over. */
  void close(Sequence sequence) {
    Client client = clients.get(sequence.client);
    if (client != null && --client.open == 0) {
      clients.remove(sequence.client);
    }
  }

  /** It waits from now on. */
  void add(Sequence sequence) {
    Client client = clients.get(sequence.client);
    if (client.waiting.isEmpty()) {
      client.given = Math.max(client.given, leastGiven());
    }
    client.waiting.add(sequence);
    size++;
  }

  /** Of those who wait; what the last one had been given where nobody does. */
  private long leastGiven() {
    return clients.values().stream()
        .filter(client -> !client.waiting.isEmpty())
        .mapToLong(client -> client.given)
        .min()
        .orElse(level);
  }

  /** It waits no more, and has had no turn. */
  void remove(Sequence sequence) {
    Client client = clients.get(sequence.client);
    if (client != null && client.waiting.remove(sequence)) {
      size--;
    }
  }

  /** It has its turn. */
  void take(Sequence sequence) {
    level = Math.max(level, clients.get(sequence.client).given);
    remove(sequence);
  }

  /** So many rows are computed for it that never were before. */
  void charge(Sequence sequence, int rows) {
    clients.get(sequence.client).given += rows;
  }

  /** Whose turn it is; null when nobody waits. */
  Sequence first() {
    Sequence first = null;
    for (Client client : clients.values()) {
      if (!client.waiting.isEmpty()) {
        Sequence head = client.waiting.first();
        first = first == null || isBefore(head, first) ? head : first;
      }
    }
    return first;
  }

  private boolean isBefore(Sequence one, Sequence other) {
    long given = clients.get(one.client).given;
    long givenOther = clients.get(other.client).given;
    boolean alike = !one.isMoreUrgentThan(other) && !other.isMoreUrgentThan(one);
    return alike && given != givenOther ? given < givenOther : Sequence.DUE.compare(one, other) < 0;
  }

  /**
   * How many wait before one that does not wait yet: of its own client those that are due, of each
   * other as many and one, since they take turns.
   */
  int before(Sequence sequence) {
    Client own = clients.get(sequence.client);
    int due = own.waiting.headSet(sequence).size();
    long others =
        clients.values().stream()
            .filter(client -> client != own)
            .flatMap(client -> client.waiting.stream().limit(due + 1L))
            .filter(other -> !sequence.isMoreUrgentThan(other))
            .count();
    return due + (int) others;
  }

  /**
   * Who makes way for a newcomer where no more may wait: of the client with most that wait, the one
   * that is due last and less urgent or alike; null where there is nobody. What has begun to be
   * answered goes on waiting.
   */
  Sequence makesWayFor(Sequence newcomer) {
    String greediest = Greediest.of(clients, newcomer.client, client -> client.waiting.size());
    return greediest == null ? null : clients.get(greediest).lastThatGivesWay(newcomer);
  }

  /** What is known of a client with open requests. */
  private static final class Client {
    private final NavigableSet<Sequence> waiting = new TreeSet<>(Sequence.DUE);
    private long given;
    private int open;

    private Sequence lastThatGivesWay(Sequence newcomer) {
      return waiting.descendingSet().stream()
          .filter(s -> s.outputLength() == 0 && !s.isMoreUrgentThan(newcomer))
          .findFirst()
          .orElse(null);
    }
  }
}
