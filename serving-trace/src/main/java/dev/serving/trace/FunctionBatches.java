package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the functions do for many requests at once; the batch is the caller's, and may change. */
final class FunctionBatches {
  private final FunctionTable table;
  private final RealTracing tracing;

  FunctionBatches(FunctionTable table) {
    this.table = table;
    this.tracing = table.tracing();
  }

  void slice(String name, @Nullable Collection<? extends TracedRequest> batch) {
    long now = tracing.now();
    forEach(
        now(tracing, batch, TracedRequest.class),
        request -> {
          boolean finished = request.finished();
          String rid = ShortForms.text(request.rid());
          table.sliceEnd(name, rid, now, null, !finished, finished);
        });
  }

  void event(
      String name,
      @Nullable Collection<? extends TracedRequest> batch,
      long ts,
      @Nullable Attributes attributes) {
    List<TracedRequest> requests = now(tracing, batch, TracedRequest.class);
    long at = ts == 0 ? tracing.now() : ts;
    Attributes shared =
        with(attributes)
            .put("bid", String.format("%08x", ThreadLocalRandom.current().nextInt()))
            .put("batch_size", requests.size())
            .build();
    forEach(requests, request -> table.event(name, ShortForms.text(request.rid()), at, shared));
  }

  private AttributesBuilder with(@Nullable Attributes theirs) {
    AttributesBuilder builder = Attributes.builder();
    try {
      return theirs == null ? builder : builder.putAll(theirs);
    } catch (RuntimeException unreadable) {
      tracing.unreadable("the attributes of a batch");
      return builder;
    }
  }

  /** Returns what is in a caller's collection now. */
  static <T> List<T> now(
      RealTracing tracing, @Nullable Collection<? extends T> theirs, Class<T> type) {
    try {
      Object[] all = theirs == null ? new Object[0] : theirs.toArray();
      return Arrays.stream(all).filter(type::isInstance).map(type::cast).toList();
    } catch (RuntimeException changing) {
      tracing.unreadable("a batch");
      return List.of();
    }
  }

  /** The requests are the caller's objects: what they throw is not let out of a tracing call. */
  private void forEach(List<TracedRequest> batch, Consumer<? super TracedRequest> action) {
    for (TracedRequest request : batch) {
      try {
        action.accept(request);
      } catch (RuntimeException theirs) {
        tracing.unreadable("a request of a batch");
      }
    }
  }
}
