package dev.serving.core.frontend.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.AbstractEventExecutor;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Event loops that have been given work and are to be woken for all of it at once: to be woken
 * costs more than a piece of an answer does. Used by the thread that gives the work only; an event
 * loop that is awake does not wait for {@link #wake}.
 */
public final class Wakeups {
  private static final Runnable NOTHING = () -> {};

  private final Set<EventLoop> given = new LinkedHashSet<>();

  /** Gives an event loop work, which it does before what it is given later. */
  void give(EventLoop loop, Runnable work) {
    if (loop instanceof AbstractEventExecutor lazy) {
      lazy.lazyExecute(work);
      given.add(loop);
    } else {
      loop.execute(work);
    }
  }

  /** Wakes those that were given work. */
  public void wake() {
    if (!given.isEmpty()) {
      given.forEach(loop -> loop.execute(NOTHING));
      given.clear();
    }
  }
}
