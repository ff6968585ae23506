package dev.serving.viewer.blame;

import dev.serving.blame.Basis;
import dev.serving.blame.Basis.Known;
import dev.serving.blame.Cost;
import dev.serving.blame.RequestPath;
import dev.serving.blame.RequestPath.ChoicePath;
import dev.serving.blame.RequestPath.Gap;
import dev.serving.blame.RequestPath.Token;
import dev.serving.blame.RequestPath.Unread;
import dev.serving.viewer.store.StoredSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request's root, read for what its account rested on. */
final class RootSpan {
  private final StoredSpan span;
  private final long beganNs;

  private RootSpan(StoredSpan span, long beganNs) {
    this.span = span;
    this.beganNs = beganNs;
  }

  /** The request's way; empty where its root does not tell it. */
  static Optional<RequestPath> path(StoredSpan root) {
    if (Numbers.one(root, "path.ended_ns").isEmpty() || Numbers.one(root, "nano_time").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new RootSpan(root, Numbers.one(root, "nano_time", 0)).path());
  }

  private RequestPath path() {
    return new RequestPath(
        beganNs,
        hop("read"),
        hop("work"),
        hop("submitted"),
        hop("link"),
        (int) Numbers.one(span, "path.engine", -1),
        choices(),
        unread(),
        hop("concluded"),
        hop("written"),
        hop("ended"));
  }

  private long hop(String name) {
    return at(Numbers.one(span, "path." + name + "_ns", -1));
  }

  private long at(long since) {
    return since < 0 ? 0 : beganNs + since;
  }

  private List<ChoicePath> choices() {
    List<String> rids = Numbers.all(span, "token.choice", String.class);
    List<String> which = Numbers.all(span, "token.which", String.class);
    List<Long> index = Numbers.all(span, "token.index");
    List<Long> sent = Numbers.all(span, "token.sent_ns");
    List<Long> heard = Numbers.all(span, "token.heard_ns");
    List<Long> taken = Numbers.all(span, "token.taken_ns");
    for (List<?> list : List.of(which, index, sent, heard, taken)) {
      if (list.size() != rids.size()) {
        return List.of();
      }
    }
    Map<String, Token> tokens = new HashMap<>();
    for (int i = 0; i < rids.size(); i++) {
      Token token =
          new Token(index.get(i).intValue(), at(sent.get(i)), at(heard.get(i)), at(taken.get(i)));
      tokens.put(which.get(i) + " " + rids.get(i), token);
    }
    List<ChoicePath> choices = new ArrayList<>();
    new LinkedHashSet<>(rids).forEach(rid -> choices.add(choice(rid, tokens)));
    return choices;
  }

  private List<Unread> unread() {
    List<Long> from = Numbers.all(span, "unread.from_ns");
    List<Long> to = Numbers.all(span, "unread.to_ns");
    List<Unread> unread = new ArrayList<>();
    for (int i = 0; i < from.size() && from.size() == to.size(); i++) {
      unread.add(new Unread(at(from.get(i)), at(to.get(i))));
    }
    return unread;
  }

  private static ChoicePath choice(String rid, Map<String, Token> tokens) {
    Token before = tokens.get("before " + rid);
    Token worst = tokens.get("worst " + rid);
    return new ChoicePath(
        rid,
        tokens.get("first " + rid),
        before == null || worst == null ? null : new Gap(before, worst),
        tokens.get("end " + rid));
  }

  /** What its engine's steps were taken to cost; by rows where the root does not say. */
  static Basis basis(StoredSpan root) {
    List<Long> from = Numbers.all(root, "cost.from_step");
    List<List<Double>> terms = new ArrayList<>();
    for (String term :
        List.of("step_ns", "prefill_row_ns", "decode_row_ns", "attended_ns", "fit")) {
      terms.add(Numbers.all(root, "cost." + term, Double.class));
    }
    List<Known> costs = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      int at = i;
      if (terms.stream().allMatch(term -> term.size() == from.size())) {
        double[] cost = terms.stream().mapToDouble(term -> term.get(at)).toArray();
        costs.add(new Known(from.get(i), new Cost(cost[0], cost[1], cost[2], cost[3], cost[4])));
      }
    }
    return new Basis(costs, Numbers.one(root, "path.last_step", -1));
  }
}
