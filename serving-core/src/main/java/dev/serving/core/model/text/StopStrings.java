package dev.serving.core.model.text;

import java.util.List;
import java.util.Optional;

/**
 * Watches streaming text for strings that end it, however the text is cut.
 *
 * <p>Text that may be the beginning of a stop string is held back until more text decides. Of
 * several stop strings the one that begins first ends the text, and of those that begin together
 * the one that is complete first. One per stream; used by one thread at a time.
 */
public final class StopStrings {
  private final List<String> stops;
  private final int longest;
  private final StringBuilder held = new StringBuilder();
  private String matched;

  /**
   * Makes a watcher.
   *
   * @param stops the strings that end the text, none of them empty; an empty list never matches
   */
  public StopStrings(List<String> stops) {
    if (stops.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("a stop string must not be empty; leave it out");
    }
    this.stops = List.copyOf(stops);
    this.longest = stops.stream().mapToInt(String::length).max().orElse(0);
  }

  /** Adds text and returns what is certainly before any stop string; "" after a match. */
  public String push(String text) {
    if (matched != null) {
      return "";
    }
    if (stops.isEmpty()) {
      return text;
    }
    held.append(text);
    return release();
  }

  private String release() {
    int begin = 0;
    int end = Integer.MAX_VALUE;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      int stopEnd = at + stop.length();
      if (at >= 0 && (stopEnd < end || (stopEnd == end && at < begin))) {
        begin = at;
        end = stopEnd;
        matched = stop;
      }
    }
    if (matched == null) {
      return take(undecidedFrom());
    }
    String before = held.substring(0, begin);
    held.setLength(0);
    return before;
  }

  /** Returns where the text begins that more text may turn into a stop string. */
  private int undecidedFrom() {
    int at = Math.max(0, held.length() - longest + 1);
    while (at < held.length() && !mayBegin(at)) {
      at++;
    }
    return at;
  }

  private boolean mayBegin(int at) {
    String tail = held.substring(at);
    return stops.stream().anyMatch(stop -> stop.startsWith(tail));
  }

  private String take(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  /** Returns the text still held back; the stream has ended without completing a stop string. */
  public String flush() {
    return take(held.length());
  }

  /** Returns the stop string that ended the text, if one has. */
  public Optional<String> matched() {
    return Optional.ofNullable(matched);
  }
}
