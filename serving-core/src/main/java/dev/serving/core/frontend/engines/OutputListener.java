package dev.serving.core.frontend.engines;

import dev.serving.core.message.FrontendMessage.Output;

/** Hears what engines make of requests. Called by the link thread, which it must not hold up. */
public interface OutputListener {
  /** The request goes to this engine now; not told when none takes it. */
  default void sent(int dpRank) {}

  /**
   * An engine made something of a request, or the request was given up for it. What may wait until
   * the other outputs of a step were told is hurried then, by {@link EngineClient}'s {@code told}.
   */
  void output(Output output);

  /** The request took longer than it may; nothing was done about it yet. */
  void expired();
}
