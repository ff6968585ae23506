package dev.serving.core.frontend;

import dev.serving.blame.RequestPath.ChoicePath;
import dev.serving.core.frontend.api.Piece;
import dev.serving.core.frontend.api.Usage;
import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.message.FinishReason;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The choices of one request, and what they used together. Made by a preprocess thread, then used
 * by the request's postprocess thread only.
 */
final class Choices {
  private final Map<String, Choice> byRid = new LinkedHashMap<>();
  private final int promptTokens;
  private final int each;

  /**
   * Choices that have begun.
   *
   * @param list in the order of their index
   * @param promptTokens tokens of all prompts
   * @param each how many choices there are for each prompt
   */
  Choices(List<Choice> list, int promptTokens, int each) {
    list.forEach(choice -> byRid.put(choice.rid, choice));
    this.promptTokens = promptTokens;
    this.each = each;
  }

  /** Those of a request that no engine hears of. */
  static Choices none() {
    return new Choices(List.of(), 0, 1);
  }

  Collection<Choice> all() {
    return byRid.values();
  }

  /** The one with this id; null when there is none. */
  Choice get(String rid) {
    return byRid.get(rid);
  }

  int size() {
    return byRid.size();
  }

  boolean isEmpty() {
    return byRid.isEmpty();
  }

  /** Whether an engine may still send something. */
  boolean open() {
    return all().stream().anyMatch(choice -> choice.open);
  }

  /** Whether all texts are over, though an engine may not have let go yet. */
  boolean finished() {
    return all().stream().allMatch(choice -> choice.finish() != null);
  }

  /** Has the engine let go of what it still works on. */
  void cancelOpen(EngineClient engines) {
    for (Choice choice : all()) {
      if (choice.open) {
        choice.cancel(engines, FinishReason.ABORT);
      }
    }
  }

  /** Has the engine make no more of what it still works on, or go on with it. */
  void pause(EngineClient engines, boolean pause) {
    for (Choice choice : all()) {
      if (choice.open) {
        choice.pause(engines, pause);
      }
    }
  }

  /** The last byte was written, or what was sent is all that the client gets. */
  void written(long nanos, boolean cutShort) {
    for (Choice choice : all()) {
      if (cutShort) {
        choice.trace.cutShort(nanos);
      } else {
        choice.trace.written(nanos);
      }
    }
  }

  /** By which hops the tokens of each came. */
  List<ChoicePath> paths() {
    return all().stream().map(choice -> choice.hops.path(choice.rid)).toList();
  }

  List<Piece> texts() {
    return all().stream().map(Choice::whole).toList();
  }

  Usage usage() {
    return Usage.of(promptTokens, outputTokens(), cachedTokens());
  }

  int promptTokens() {
    return promptTokens;
  }

  int outputTokens() {
    return all().stream().mapToInt(Choice::outputTokens).sum();
  }

  int cachedTokens() {
    return all().stream().filter(this::isFirst).mapToInt(Choice::cachedTokens).sum();
  }

  /** Whether it is the first of its prompt, whose cached tokens its siblings share. */
  boolean isFirst(Choice choice) {
    return choice.index % each == 0;
  }

  /** How many there are for each prompt. */
  int each() {
    return each;
  }

  /** Why those that are over are over, as clients read it. */
  List<String> finishReasons() {
    return all().stream().map(Choice::finish).filter(Objects::nonNull).toList();
  }
}
