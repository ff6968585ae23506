import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.TraceThreadContext;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import java.util.Map;

/** Two recipes of the README as a program: a call that carries headers, and work on another thread. Five spans. */
public class Calls {
  public static void main(String[] arguments) {
    try (Tracing tracing = Tracing.start(TracingConfig.fromEnvironment(System.getenv()))) {
      TraceReqContext request = tracing.startRequest(TraceReqStart.of("r2").withRole("Calls"));
      Map<String, String> headers;
      try (TraceThreadContext lane = request.lane()) {
        headers = CallRecipe.headers(tracing, lane);
      }
      ExecutorRecipe.submit(Calls::elsewhere, request, () -> {});
      request.finish();
      String trace = request.info().orElseThrow().traceId();
      if (!headers.getOrDefault("traceparent", "").contains(trace)) {
        throw new IllegalStateException("the call's headers are " + headers + ", the trace is " + trace);
      }
    }
  }

  private static void elsewhere(Runnable task) {
    Thread thread = new Thread(task, "pool-1");
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
