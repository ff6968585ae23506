package dev.serving.core.frontend;

import java.util.Collection;
import java.util.Map;

/**
 * Who makes way where as much is held as may be: who holds most, and not the newcomer. So a client
 * may have everything while nobody else asks, and a neighbour of his is let in all the same.
 */
final class Greediest {
  private Greediest() {}

  /**
   * Chooses among clients.
   *
   * @param held what each holds
   * @return who holds so much that he has no less than the newcomer when one went from him to that;
   *     null where there is nobody
   */
  static String of(Map<String, ? extends Collection<?>> held, String newcomer) {
    int most = held.containsKey(newcomer) ? held.get(newcomer).size() + 1 : 1;
    String greediest = null;
    for (Map.Entry<String, ? extends Collection<?>> client : held.entrySet()) {
      if (client.getValue().size() > most) {
        most = client.getValue().size();
        greediest = client.getKey();
      }
    }
    return greediest;
  }
}
