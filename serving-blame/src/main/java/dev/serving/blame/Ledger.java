package dev.serving.blame;

import java.util.Collection;
import java.util.TreeMap;

/** The last steps of one engine, as many as fit: the oldest are forgotten first. One thread. */
final class Ledger {
  private final long mostBytes;
  private final TreeMap<Long, Page> pages = new TreeMap<>(); // by when their last step was over
  private final CostModel model = new CostModel();
  private final LoneModel lone = new LoneModel();
  private long bytes;
  private long completeNs = Long.MIN_VALUE;
  private long forgottenNs = Long.MIN_VALUE;

  Ledger(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * Takes steps in.
   *
   * @param steps as {@link StepBuffer#take} made them; what is none is ignored
   * @param complete the engine has told of all that it did until then
   */
  void add(byte[] steps, long complete) {
    completeNs = Math.max(completeNs, complete);
    long[] words = Page.read(steps);
    if (words != null) {
      add(words);
    }
  }

  private void add(long[] words) {
    Step step = new Step(words);
    do {
      model.observe(step);
      lone.observe(step);
    } while (step.next());
    model.learn();
    lone.learn();
    keep(words, model.cost());
  }

  /** Keeps steps that nothing is to be learned from. */
  void keep(long[] words, Cost cost) {
    Page page = Page.of(words, cost, pages.isEmpty() ? Long.MIN_VALUE : pages.lastKey());
    pages.put(page.lastNs(), page);
    bytes += page.bytes();
    while (bytes > mostBytes && pages.size() > 1) {
      Page oldest = pages.pollFirstEntry().getValue();
      bytes -= oldest.bytes();
      forgottenNs = oldest.lastNs();
    }
  }

  /** Pages with steps that were over after this, oldest first. */
  Collection<Page> after(long ns) {
    return pages.tailMap(ns, false).values();
  }

  /** Until when the engine has told of all that it did. */
  long completeNs() {
    return completeNs;
  }

  /** What the last steps say of what rows cost. */
  Cost cost() {
    return model.cost();
  }

  /** What requests take that have the engine to themselves. */
  LoneModel lone() {
    return lone;
  }

  /** When the last step that is forgotten was over; long ago when none is. */
  long forgottenNs() {
    return forgottenNs;
  }
}
