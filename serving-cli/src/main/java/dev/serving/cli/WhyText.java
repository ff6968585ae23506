package dev.serving.cli;

import dev.serving.blame.Cause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Why a request was slow, for people: sentences, then a bar, then a table. What is less than a
 * hundredth of it is in the table alone.
 */
final class WhyText {
  private static final int BAR = 60;
  private static final int MOST_SENTENCES = 4;
  private static final int MOST_NAMES = 3;
  private static final double WORTH_SAYING = 0.01;
  private static final double POOR_FIT = 0.5;

  private final JsonNode request;
  private final StringBuilder text = new StringBuilder();
  private final List<Map.Entry<Cause, Long>> causes;
  private final long total;

  private WhyText(JsonNode request) {
    this.request = request;
    this.total = request.path("total").path("ns").asLong();
    this.causes = causes(request.path("total"));
  }

  /** One request as {@code GET /blame} tells it. */
  static String of(JsonNode request) {
    return new WhyText(request).write();
  }

  private static List<Map.Entry<Cause, Long>> causes(JsonNode part) {
    return Stream.of(Cause.values())
        .map(cause -> Map.entry(cause, part.path("causes").path(cause.label()).asLong()))
        .filter(entry -> entry.getValue() > 0)
        .toList();
  }

  private String write() {
    head();
    causes.stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue()))
        .limit(MOST_SENTENCES)
        .filter(entry -> entry.getValue() >= WORTH_SAYING * total)
        .forEach(entry -> sentence(entry.getKey(), entry.getValue()));
    tokens();
    advice();
    bar();
    table();
    return text.toString();
  }

  private void head() {
    text.append(request.path("id").asString())
        .append(" took ")
        .append(time(total))
        .append(" for ")
        .append(request.path("prompt_tokens").asInt())
        .append(" tokens in and ")
        .append(request.path("output_tokens").asInt())
        .append(" out; alone it would ")
        .append(request.path("alone_from").asString("").equals("crowd") ? "perhaps " : "")
        .append("have taken about ")
        .append(time(request.path("alone_ns").asLong()))
        .append(".\n");
  }

  private void sentence(Cause cause, long ns) {
    text.append("  ").append(time(ns)).append(' ').append(cause.meaning());
    List<String> names = names(request.path("total"), cause);
    if (!names.isEmpty()) {
      text.append(": ").append(String.join(", ", names));
    }
    text.append(".\n");
  }

  private static List<String> names(JsonNode part, Cause cause) {
    List<JsonNode> culprits =
        part.path("culprits")
            .valueStream()
            .filter(who -> cause.label().equals(who.path("cause").asString()))
            .toList();
    List<String> names = new ArrayList<>();
    culprits.stream().limit(MOST_NAMES).forEach(who -> names.add(name(who, cause)));
    if (culprits.size() > MOST_NAMES) {
      names.add("and others");
    }
    return names;
  }

  private static String name(JsonNode who, Cause cause) {
    String time = " (" + time(who.path("ns").asLong());
    if (who.has("rank")) {
      return "rank " + who.path("rank") + time + ", in " + who.path("steps") + " steps)";
    }
    String what = cause == Cause.QUEUE_BLOCKS ? " KV blocks" : " rows";
    String prompt =
        who.has("prompt_tokens") ? ", a prompt of " + who.path("prompt_tokens") + " tokens" : "";
    String rows = who.path("amount").asLong() > 0 ? ", " + who.path("amount") + what : "";
    return who.path("request").asString("another client's") + time + rows + prompt + ")";
  }

  private void tokens() {
    JsonNode first = request.path("first_token");
    if (first.isObject()) {
      text.append("  The first token came after ").append(time(first.path("ns").asLong()));
      text.append(", most of it ").append(meaning(first)).append(".\n");
    }
    JsonNode worst = request.path("worst_token");
    if (worst.isObject()) {
      text.append("  The longest wait for a further token was ")
          .append(time(worst.path("part").path("ns").asLong()))
          .append(", for token ")
          .append(worst.path("index").asInt() + 1)
          .append(", most of it ")
          .append(meaning(worst.path("part")))
          .append(".\n");
    }
    if (request.path("fit").asDouble() < POOR_FIT) {
      text.append("  What rows cost is not known well yet: shares of steps are by rows.\n");
    }
  }

  private static String meaning(JsonNode part) {
    return top(part).meaning();
  }

  private static Cause top(JsonNode part) {
    String label = part.path("top").asString();
    return Stream.of(Cause.values())
        .filter(cause -> cause.label().equals(label))
        .findFirst()
        .orElse(Cause.UNEXPLAINED);
  }

  private void advice() {
    text.append("  ").append(top(request.path("total")).advice()).append("\n\n");
  }

  /** Letters stand for causes, those of the table; each is a share of the whole. */
  private void bar() {
    text.append("  |");
    long sum = 0;
    int drawn = 0;
    for (int i = 0; i < causes.size(); i++) {
      sum += causes.get(i).getValue();
      int end = (int) Math.round((double) sum * BAR / total);
      text.append(String.valueOf(letter(i)).repeat(end - drawn));
      drawn = end;
    }
    text.append("|\n\n");
  }

  private void table() {
    for (int i = 0; i < causes.size(); i++) {
      long ns = causes.get(i).getValue();
      text.append(
          String.format(
              Locale.ROOT,
              "  %c %-16s %,16d ns %5.1f %%%n",
              letter(i),
              causes.get(i).getKey().label(),
              ns,
              100.0 * ns / total));
    }
    text.append(String.format(Locale.ROOT, "    %-16s %,16d ns%n", "sum", total));
    text.append(
        String.format(
            Locale.ROOT,
            "    cost %,d ns of its engine; fit of the cost model %.2f%n",
            request.path("cost_engine_ns").asLong(),
            request.path("fit").asDouble()));
  }

  private static char letter(int index) {
    return (char) ('a' + index);
  }

  private static String time(long ns) {
    return ns >= 10_000_000
        ? String.format(Locale.ROOT, "%,d ms", Math.round(ns / 1e6))
        : String.format(Locale.ROOT, "%.2f ms", ns / 1e6);
  }
}
