package dev.serving.viewer;

import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/** Says no to a request from its head alone, before its body is read. */
interface Refusal {
  /** The answer to a request that need not be read; empty if it may go on. */
  Optional<Answer> ofHead(HttpRequest head);

  /** Whether a body is wanted; otherwise it is read and thrown away. */
  boolean wantsBody(HttpRequest head);

  /** The answer to a body beyond the limit. */
  Answer tooLarge(HttpRequest head);

  /** The answer when too many bodies are in memory already. */
  Answer busy(HttpRequest head);
}
