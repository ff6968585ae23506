package dev.serving.core.frontend;

import dev.serving.blame.Basis;
import dev.serving.blame.Basis.Known;
import dev.serving.blame.Cost;
import dev.serving.blame.RequestPath;
import dev.serving.blame.RequestPath.ChoicePath;
import dev.serving.blame.RequestPath.Token;
import dev.serving.core.message.TraceNames;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The hops of a request, and what its engine's steps were taken to cost, as attributes of its root:
 * whoever has the spans of the steps, too, can make its account anew. Times are nanoseconds from
 * the root's begin; of several tokens, or costs, there are lists in one order.
 */
final class PathAttributes {
  /** Who meets more changes of what steps cost is not told of any. */
  private static final int MOST_COSTS = 1000;

  private final RequestPath path;
  private final AttributesBuilder all = Attributes.builder();

  private PathAttributes(RequestPath path) {
    this.path = path;
  }

  static Attributes of(RequestPath path, Basis basis) {
    PathAttributes attributes = new PathAttributes(path);
    attributes.hops();
    attributes.tokens();
    if (path.engine() >= 0 && basis.costs().size() <= MOST_COSTS) {
      attributes.costs(basis);
    }
    return attributes.all.build();
  }

  private void hops() {
    all.put(TraceNames.NANO_TIME, path.beganNs());
    hop("read", path.readNs());
    hop("work", path.workNs());
    hop("submitted", path.submittedNs());
    hop("link", path.linkNs());
    hop("concluded", path.concludedNs());
    hop("written", path.writtenNs());
    hop("ended", path.endedNs());
    if (path.engine() >= 0) {
      all.put("path.engine", path.engine());
    }
    if (!path.unread().isEmpty()) {
      longs("unread.from_ns", path.unread(), unread -> since(unread.fromNs()));
      longs("unread.to_ns", path.unread(), unread -> since(unread.toNs()));
    }
  }

  private void hop(String name, long nanos) {
    if (nanos != 0) {
      all.put("path." + name + "_ns", nanos - path.beganNs());
    }
  }

  private void tokens() {
    List<Hops> tokens = new ArrayList<>();
    for (ChoicePath choice : path.choices()) {
      add(tokens, choice, "first", choice.first());
      if (choice.worst() != null) {
        add(tokens, choice, "before", choice.worst().before());
        add(tokens, choice, "worst", choice.worst().token());
      }
      add(tokens, choice, "end", choice.end());
    }
    if (!tokens.isEmpty()) {
      texts("token.choice", tokens.stream().map(hops -> hops.choice.rid()).toList());
      texts("token.which", tokens.stream().map(Hops::which).toList());
      longs("token.index", tokens, hops -> hops.token.index());
      longs("token.sent_ns", tokens, hops -> since(hops.token.sentNs()));
      longs("token.heard_ns", tokens, hops -> since(hops.token.heardNs()));
      longs("token.taken_ns", tokens, hops -> since(hops.token.takenNs()));
    }
  }

  /** What never was is before all. */
  private long since(long nanos) {
    return nanos == 0 ? -1 : nanos - path.beganNs();
  }

  private static void add(List<Hops> tokens, ChoicePath choice, String which, Token token) {
    if (token != null) {
      tokens.add(new Hops(choice, which, token));
    }
  }

  /** One of a choice's tokens that the account rests on. */
  private record Hops(ChoicePath choice, String which, Token token) {}

  private void costs(Basis basis) {
    all.put("path.last_step", basis.lastStep());
    longs("cost.from_step", basis.costs(), Known::fromStep);
    doubles("cost.step_ns", basis, Cost::base);
    doubles("cost.prefill_row_ns", basis, Cost::prefillRow);
    doubles("cost.decode_row_ns", basis, Cost::decodeRow);
    doubles("cost.attended_ns", basis, Cost::attended);
    doubles("cost.fit", basis, Cost::fit);
  }

  private void texts(String name, List<String> values) {
    all.put(AttributeKey.stringArrayKey(name), values);
  }

  private <T> void longs(String name, List<T> of, ToLongFunction<T> value) {
    all.put(AttributeKey.longArrayKey(name), of.stream().map(value::applyAsLong).toList());
  }

  private void doubles(String name, Basis basis, ToDoubleFunction<Cost> value) {
    List<Double> values =
        basis.costs().stream().map(known -> value.applyAsDouble(known.cost())).toList();
    all.put(AttributeKey.doubleArrayKey(name), values);
  }
}
