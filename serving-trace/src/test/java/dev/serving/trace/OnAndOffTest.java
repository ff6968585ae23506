package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.TraceRecorder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A program made of the README's recipes says the same, whether tracing is on or off. */
class OnAndOffTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PROGRAM =
      """
      import dev.serving.trace.*;
      import io.opentelemetry.api.baggage.Baggage;
      import io.opentelemetry.api.trace.Span;
      import io.opentelemetry.context.Context;
      import io.opentelemetry.context.Scope;
      import io.opentelemetry.context.propagation.TextMapGetter;
      import java.util.*;
      import org.zeromq.*;

      public class Program {
        private static final class Headers implements TextMapGetter<Map<String, String>> {
          public Iterable<String> keys(Map<String, String> headers) { return headers.keySet(); }
          public String get(Map<String, String> headers, String key) { return headers.get(key); }
        }

        public static List<String> run(Tracing tracing) {
          List<String> said = new ArrayList<>();
          Map<String, String> came =
              Map.of("traceparent", "00-%s-b7ad6b7169203331-01", "baggage", "user=ann");
          Context caller = tracing.extract(came, new Headers());
          TraceReqStart start = TraceReqStart.of("r1").withParent(caller);
          try (ZContext z = new ZContext();
              TraceReqContext request = tracing.startRequest(start)) {
            ZMQ.Socket pull = z.createSocket(SocketType.PULL);
            pull.bind("inproc://program");
            ZMQ.Socket push = z.createSocket(SocketType.PUSH);
            push.connect("inproc://program");
            ZmqRecipe.send(push, request, "hello".getBytes());
            TraceReqContext copy = ZmqRecipe.receive(pull, tracing);
            said.add(copy.rid() + " " + pull.recvStr());
            said.add(copy.child("choice").rid());
            said.add(copy.carrier().info().orElseThrow().traceId());
            try (TraceThreadContext lane = copy.lane()) {
              Map<String, String> sent = CallRecipe.headers(tracing, lane);
              said.add(sent.keySet().toString());
              said.add(sent.get("traceparent").substring(3, 35) + " " + sent.get("baggage"));
            }
            ExecutorRecipe.submit(Runnable::run, request, () -> said.add("work"));
            try (Scope current = request.makeCurrent()) {
              said.add(Span.current().getSpanContext().getTraceId());
              said.add(Baggage.current().getEntryValue("user"));
            }
            copy.close();
          }
          return said;
        }

        public static List<String> alone(Tracing tracing) {
          Map<String, String> headers = new TreeMap<>();
          try (Scope theirs = Baggage.builder().put("user", "bob").build().makeCurrent();
              TraceReqContext request = tracing.startRequest(TraceReqStart.of("r2"));
              Scope current = request.makeCurrent()) {
            tracing.inject(Context.current(), headers, Map::put);
          }
          return List.of(headers.get("baggage"));
        }
      }
      """
          .formatted(TRACE);

  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  @Test
  @SuppressWarnings("unchecked")
  void theSameMessagesAreSaid(@TempDir Path directory) throws Exception {
    for (String recipe : List.of("ZmqRecipe", "ExecutorRecipe", "CallRecipe")) {
      String code = ReadmeTest.block(Files.readString(Path.of("README.md")), "class " + recipe);
      Files.writeString(directory.resolve(recipe + ".java"), code);
    }
    ReadmeTest.compiled("Program", PROGRAM, directory);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      Class<?> program = loader.loadClass("Program");
      for (String method : List.of("run", "alone")) {
        var run = program.getMethod(method, Tracing.class);
        List<String> on = (List<String>) run.invoke(null, recorder.tracing());
        List<String> off = (List<String>) run.invoke(null, Tracing.noop());
        List<String> closed = (List<String>) run.invoke(null, closed());
        assertThat(off).as(method).isEqualTo(on).isEqualTo(closed);
      }
    }
    assertThat(recorder.names()).contains("Req", "call", "work");
  }

  private static Tracing closed() {
    TraceRecorder other = new TraceRecorder();
    other.tracing().close();
    return other.tracing();
  }
}
