package dev.serving.viewer;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/**
 * Asks at the door first; what comes in is the receiver's. Open to all: whether the viewer runs.
 */
final class Guarded implements Refusal {
  private final Door.Side door;
  private final OtlpReceiver receiver;

  Guarded(Door.Side door, OtlpReceiver receiver) {
    this.door = door;
    this.receiver = receiver;
  }

  @Override
  public Optional<Answer> ofHead(HttpRequest head) {
    if (head.uri().equals("/health")) {
      return Optional.empty();
    }
    String host = head.headers().get(HttpHeaderNames.HOST, "");
    Optional<Door.No> no = door.check(host, name -> head.headers().get(name, ""));
    return no.isPresent() ? no.map(it -> answer(head, it)) : receiver.ofHead(head);
  }

  @Override
  public boolean wantsBody(HttpRequest head) {
    return receiver.wantsBody(head);
  }

  @Override
  public Answer tooLarge(HttpRequest head) {
    return receiver.tooLarge(head);
  }

  @Override
  public Answer busy(HttpRequest head) {
    return receiver.busy(head);
  }

  private Answer answer(HttpRequest head, Door.No no) {
    Answer answer =
        receiver.wantsBody(head)
            ? receiver.refused(head, no)
            : Answer.error(no.httpStatus(), no.reason());
    return no.httpStatus() == 401
        ? answer.with("WWW-Authenticate", "Basic realm=\"traces\", Bearer realm=\"traces\"")
        : answer;
  }
}
