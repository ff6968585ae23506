package dev.serving.cli.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether each process accounts for each of its spans, in every look at it. */
final class Balance {
  private static final int MOST_SAID = 5;

  private final List<String> wrong = new ArrayList<>();
  private int looks;

  synchronized void look(Scrape scrape) {
    looks++;
    Map<String, Double> delivered = scrape.byProcess("serving_spans_delivered_total");
    Map<String, Double> dropped = scrape.byProcess("serving_spans_dropped_total");
    Map<String, Double> inFlight = scrape.byProcess("serving_spans_in_flight");
    scrape
        .byProcess("serving_spans_made_total")
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
  }

  /** Notes that it could not look. */
  synchronized void failed(Exception e) {
    wrong.add(e.toString());
  }

  synchronized Check check() {
    return new Check(
        "made = delivered + dropped + on way",
        wrong.isEmpty() ? "in each of " + looks + " looks" : wrong.toString(),
        wrong.isEmpty());
  }
}
