package dev.serving.core.frontend;

import dev.serving.blame.RequestPath.ChoicePath;
import dev.serving.blame.RequestPath.Gap;
import dev.serving.blame.RequestPath.Token;
import dev.serving.core.message.FrontendMessage.Output;

/**
 * By which hops a choice's tokens came: of the first, of the one that came longest after the one
 * before, and of the last output; no list of them all. Used by the request's postprocess thread
 * only.
 */
final class TokenHops {
  private Token first;
  private Token before;
  private Gap worst;
  private Token end;
  private int tokens;

  /** Tokens are taken up. Times are of {@link System#nanoTime}. */
  void tokens(Output output, long heardNs, long takenNs) {
    Token token = new Token(tokens, output.sentNs(), heardNs, takenNs);
    tokens += output.tokens().size();
    if (first == null) {
      first = token;
    } else if (worst == null || takenNs - before.takenNs() > worst.ns()) {
      worst = new Gap(before, token);
    }
    before = token;
  }

  /** The last output is taken up, with tokens or without. */
  void end(Output output, long heardNs, long takenNs) {
    end = new Token(tokens, output.sentNs(), heardNs, takenNs);
  }

  ChoicePath path(String rid) {
    return new ChoicePath(rid, first, worst, end);
  }
}
