package dev.serving.viewer;

import dev.serving.blame.Account;
import dev.serving.blame.Account.WorstToken;
import dev.serving.blame.Blame;
import dev.serving.blame.Cause;
import dev.serving.blame.Culprit;
import dev.serving.blame.MadeToken;
import dev.serving.viewer.blame.Judged;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request's account as it was made from spans, in the shape in which the server tells its own.
 */
final class JudgedJson {
  private final Judged judged;

  private JudgedJson(Judged judged) {
    this.judged = judged;
  }

  static Map<String, Object> of(Judged judged) {
    return new JudgedJson(judged).json();
  }

  private Map<String, Object> json() {
    Account account = judged.judgement().account();
    return Json.object(
        "complete", judged.judgement().complete(),
        "steps", judged.steps(),
        "total", part(account.whole()),
        "firstToken", account.firstToken() == null ? null : part(account.firstToken()),
        "worstToken", account.worst() == null ? null : worst(account.worst()),
        "costEngineNanos", account.costNs(),
        "fit", account.fit(),
        "method", account.byRows() ? "rows" : "ledger",
        "tokens", judged.judgement().tokens().stream().map(this::token).toList());
  }

  /** Times count from the begin of the request. */
  private Map<String, Object> token(MadeToken token) {
    return Json.object(
        "step", token.step(),
        "fromNanos", token.fromNs() - judged.beganNs(),
        "toNanos", token.toNs() - judged.beganNs(),
        "top", token.blame().top().label(),
        "causes", causes(token.blame()));
  }

  private static Map<String, Object> causes(Blame blame) {
    Map<String, Object> causes = new LinkedHashMap<>();
    blame.causes().forEach((cause, nanos) -> causes.put(cause.label(), nanos));
    return causes;
  }

  private Map<String, Object> worst(WorstToken worst) {
    Map<String, Object> json = Json.object("index", worst.index(), "step", worst.step());
    json.putAll(part(worst.blame()));
    return json;
  }

  private Map<String, Object> part(Blame blame) {
    return Json.object(
        "nanos", blame.totalNs(),
        "top", blame.top().label(),
        "causes", causes(blame),
        "culprits", blame.culprits().stream().map(this::culprit).toList());
  }

  /** A number of the ledger has more digits than a number in JavaScript. */
  private Map<String, Object> culprit(Culprit culprit) {
    boolean rank = culprit.cause() == Cause.STRAGGLER;
    return Json.object(
        "cause", culprit.cause().label(),
        "nanos", culprit.ns(),
        "rank", rank ? culprit.key() : null,
        "key", rank ? null : Long.toHexString(culprit.key()),
        "traceId", rank ? null : judged.traces().get(culprit.key()),
        "amount", culprit.amount(),
        "steps", culprit.steps());
  }
}
