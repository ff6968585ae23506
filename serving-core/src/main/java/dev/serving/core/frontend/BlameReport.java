package dev.serving.core.frontend;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.serving.blame.Account;
import dev.serving.blame.Blame;
import dev.serving.blame.Cause;
import dev.serving.blame.Culprit;
import dev.serving.core.frontend.KnownRequests.Known;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request's account with the names of who was the cause, as JSON has it and for its trace. Names
 * only those with the same key as the request; of others it tells what they were.
 *
 * @param id the request's
 * @param traceId its trace's, or null
 * @param promptTokens of all its prompts
 * @param outputTokens of all its choices
 * @param total from its first byte until all was over
 * @param firstToken from its first byte to its first token, or null
 * @param worstToken the token that came longest after the one before, or null
 * @param aloneNs what it would have taken with the server to itself
 * @param firstTokenAloneNs what its first token would have taken so, or null
 * @param aloneFrom where that is from: {@code lone}, requests that had the server to themselves, or
 *     {@code crowd}, what the request itself saw where there were none
 * @param costEngineNs its share of its engine's time
 * @param fit how well the cost of steps is known, 0 to 1
 * @param method ledger, or rows where steps were shared by rows alone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BlameReport(
    String id,
    String traceId,
    int promptTokens,
    int outputTokens,
    Part total,
    Part firstToken,
    Worst worstToken,
    long aloneNs,
    Long firstTokenAloneNs,
    String aloneFrom,
    long costEngineNs,
    double fit,
    String method) {

  static BlameReport of(ReportedRequest request, Account account, KnownRequests known) {
    Names names = new Names(request.client(), known);
    return new BlameReport(
        request.id(),
        request.traceId(),
        request.promptTokens(),
        request.outputTokens(),
        Part.of(account.whole(), names),
        Part.of(account.firstToken(), names),
        Worst.of(account.worst(), names),
        account.alone().wholeNs(),
        account.firstToken() == null ? null : account.alone().firstTokenNs(),
        account.alone().learned() ? "lone" : "crowd",
        account.costNs(),
        account.fit(),
        account.byRows() ? "rows" : "ledger");
  }

  /**
   * An interval.
   *
   * @param ns how long it was
   * @param top the cause of most of it
   * @param causes nanoseconds by cause, whose sum it is
   * @param culprits who was the cause
   */
  record Part(long ns, String top, Map<String, Long> causes, List<Who> culprits) {
    static Part of(Blame blame, Names names) {
      if (blame == null) {
        return null;
      }
      Map<String, Long> causes = new LinkedHashMap<>();
      blame.causes().forEach((cause, ns) -> causes.put(cause.label(), ns));
      List<Who> culprits = new ArrayList<>(blame.culprits().size());
      blame.culprits().forEach(culprit -> culprits.add(Who.of(culprit, names)));
      return new Part(blame.totalNs(), blame.top().label(), causes, culprits);
    }
  }

  /** A token: how many came before it, the step that made it, and the time that it took. */
  record Worst(int index, long step, Part part) {
    static Worst of(Account.WorstToken worst, Names names) {
      return worst == null
          ? null
          : new Worst(worst.index(), worst.step(), Part.of(worst.blame(), names));
    }
  }

  /**
   * Who was the cause of some of it.
   *
   * @param cause of what kind
   * @param ns about how much of it
   * @param rank the slow rank, for stragglers; else null
   * @param request its id; null where it is another client's, or not known any more
   * @param traceId its trace, likewise
   * @param promptTokens how long its prompt is, where that is known
   * @param amount rows that it computed meanwhile, or KV blocks that it held
   * @param steps in how many steps
   * @param carrier leads to its trace; in none of JSON
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Who(
      String cause,
      long ns,
      Integer rank,
      String request,
      String traceId,
      Integer promptTokens,
      long amount,
      int steps,
      @JsonIgnore TraceCarrier carrier) {
    static Who of(Culprit culprit, Names names) {
      boolean rank = culprit.cause() == Cause.STRAGGLER;
      Optional<Known> who = rank ? Optional.empty() : names.find(culprit.key());
      Optional<Known> own = who.filter(w -> w.client().equals(names.client()));
      TraceCarrier carrier = own.map(Known::carrier).orElse(TraceCarrier.none());
      return new Who(
          culprit.cause().label(),
          culprit.ns(),
          rank ? Integer.valueOf((int) culprit.key()) : null,
          own.map(Known::rid).orElse(null),
          carrier.info().map(TraceInfo::traceId).orElse(null),
          who.map(Known::promptTokens).orElse(null),
          culprit.amount(),
          culprit.steps(),
          carrier);
    }
  }

  /**
   * Who has which number: much the same ones held up the whole, its first token and its slowest, so
   * each is looked up once.
   */
  private record Names(String client, KnownRequests known, Map<Long, Optional<Known>> found) {
    Names(String client, KnownRequests known) {
      this(client, known, new HashMap<>());
    }

    Optional<Known> find(long key) {
      return found.computeIfAbsent(key, known::find);
    }
  }
}
