package dev.serving.viewer;

/** Answers one kind of request; runs on a worker thread, never on an event loop. */
@FunctionalInterface
interface Endpoint {
  Answer answer(HttpCall call);
}
