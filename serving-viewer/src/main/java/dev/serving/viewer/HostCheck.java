package dev.serving.viewer;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps other sites' pages from reading a viewer on loopback by giving a name of theirs its address
 * (DNS rebinding): a viewer on loopback answers only to addresses and to {@code localhost}.
 */
final class HostCheck implements Refusal {
  private final Refusal next;
  private final boolean onLoopback;

  HostCheck(Refusal next, InetAddress reached) {
    this.next = next;
    this.onLoopback = reached.isLoopbackAddress();
  }

  @Override
  public Optional<Answer> ofHead(HttpRequest head) {
    if (onLoopback && !isLocal(head.headers().get(HttpHeaderNames.HOST, ""))) {
      return Optional.of(
          Answer.error(421, "this viewer is on loopback: ask localhost or its address"));
    }
    return next.ofHead(head);
  }

  @Override
  public boolean wantsBody(HttpRequest head) {
    return next.wantsBody(head);
  }

  @Override
  public Answer tooLarge(HttpRequest head) {
    return next.tooLarge(head);
  }

  @Override
  public Answer busy(HttpRequest head) {
    return next.busy(head);
  }

  private static boolean isLocal(String header) {
    String host = header.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    boolean address = host.startsWith("[") || host.matches("[0-9.]+");
    return host.isEmpty() || address || host.equals("localhost") || host.endsWith(".localhost");
  }
}
