package dev.serving.core.fairness;

import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Who makes way where as much is held as may be: who holds most, and not the newcomer. So a client
 * may have everything while nobody else asks, and a neighbour of his is let in all the same.
 */
public final class Greediest {
  private Greediest() {}

  /**
   * Chooses among clients.
   *
   * @param clients by their names; not changed
   * @param newcomer who wants one more; may be none of them
   * @param held how many each holds
   * @return who holds so much that he has no less than the newcomer when one went from him to that;
   *     null where there is nobody
   */
  public static <C> String of(Map<String, C> clients, String newcomer, ToIntFunction<C> held) {
    C own = clients.get(newcomer);
    int most = own == null ? 1 : held.applyAsInt(own) + 1;
    String greediest = null;
    for (Map.Entry<String, C> client : clients.entrySet()) {
      int holds = held.applyAsInt(client.getValue());
      if (holds > most) {
        most = holds;
        greediest = client.getKey();
      }
    }
    return greediest;
  }
}
