package dev.serving.cli.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether each process accounts for each of its spans, in every look at it; and how many there were
 * in all lives of all processes, as far as looks tell. Safe from any thread.
 */
final class Balance {
  private static final String MADE = "serving_spans_made_total";
  private static final String DELIVERED = "serving_spans_delivered_total";
  private static final String DROPPED = "serving_spans_dropped_total";
  private static final String IN_FLIGHT = "serving_spans_in_flight";
  private static final int MOST_SAID = 5;

  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Double> last = new LinkedHashMap<>();
  private final Map<String, Long> sums = new LinkedHashMap<>();
  private int looks;

  synchronized void look(Scrape scrape) {
    looks++;
    Map<String, Double> delivered = scrape.byProcess(DELIVERED);
    Map<String, Double> dropped = scrape.byProcess(DROPPED);
    Map<String, Double> inFlight = scrape.byProcess(IN_FLIGHT);
    scrape
        .byProcess(MADE)
        .forEach(
            (process, made) -> {
              double known =
                  delivered.getOrDefault(process, 0.0)
                      + dropped.getOrDefault(process, 0.0)
                      + inFlight.getOrDefault(process, 0.0);
              if (made != known && wrong.size() < MOST_SAID) {
                wrong.add("%s made %.0f, knows of %.0f".formatted(process, made, known));
              }
            });
    List.of(MADE, DELIVERED, DROPPED).forEach(family -> sum(family, scrape));
  }

  /** A counter that has become less is that of a process which has begun anew. */
  private void sum(String family, Scrape scrape) {
    scrape
        .byLabels(family)
        .forEach(
            (labels, value) -> {
              double before = last.getOrDefault(family + labels, 0.0);
              double more = value >= before ? value - before : value;
              last.put(family + labels, value);
              sums.merge(family, (long) more, Long::sum);
            });
  }

  /** Notes that it could not look. */
  synchronized void failed(Exception e) {
    wrong.add(e.toString());
  }

  /** Spans that the receiver has accepted, at the least: a killed process had more to tell. */
  synchronized long delivered() {
    return sums.getOrDefault(DELIVERED, 0L);
  }

  /** All of them, in words. */
  synchronized String words() {
    return "%d made, %d delivered, %d dropped, as far as %d looks tell"
        .formatted(sums.getOrDefault(MADE, 0L), delivered(), sums.getOrDefault(DROPPED, 0L), looks);
  }

  synchronized Check check() {
    boolean passed = wrong.isEmpty() && looks > 0 && delivered() > 0;
    return new Check(
        "spans made = delivered, dropped, on way",
        wrong.isEmpty() ? "in each of " + looks + " looks" : wrong.toString(),
        passed);
  }
}
