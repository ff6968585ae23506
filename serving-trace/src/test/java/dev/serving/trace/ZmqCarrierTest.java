package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.testing.OtlpTestReceiver;
import dev.serving.trace.testing.SeenSpan;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Rule 39: a carrier crosses a real ZeroMQ PUSH/PULL to another JVM, and it is one trace. */
class ZmqCarrierTest {
  /** JeroMQ 0.6 hangs one fresh connection in a hundred until this timer; its default is 30 s. */
  private static final int HANDSHAKE_MS = 500;

  /** The other process: joins the request that comes and says its own part. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] arguments) {
      TracingConfig config =
          TracingConfig.builder()
              .enabled(true)
              .serviceName("engine")
              .endpoint(arguments[0])
              .otlp(o -> o.withProtocol(OtlpProtocol.valueOf(arguments[1])))
              .build();
      try (Tracing tracing = Tracing.start(config);
          ZContext context = new ZContext()) {
        ZMQ.Socket pull = context.createSocket(SocketType.PULL);
        pull.setHandshakeIvl(HANDSHAKE_MS);
        System.out.println(pull.bindToRandomPort("tcp://127.0.0.1"));
        String rid = pull.recvStr();
        TraceCarrier carrier = TraceCarrier.fromBytes(pull.recv());
        tracing.threadInfo("scheduler", null, 0);
        TraceReqContext copy = tracing.joinRequest(rid, carrier, 0);
        try (TraceThreadContext lane = copy.lane()) {
          lane.slice(TraceSpanName.SCHEDULE).end();
        }
        copy.finish();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneTraceAcrossTwoJvms(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol);
        ZContext context = new ZContext()) {
      ZMQ.Socket push = context.createSocket(SocketType.PUSH);
      push.setHandshakeIvl(HANDSHAKE_MS);
      Process worker = worker(receiver.endpoint(), protocol);
      // Who connects keeps what is not sent when a connection fails; who binds loses it.
      push.connect("tcp://127.0.0.1:" + worker.inputReader().readLine());
      TracingConfig config =
          TracingConfig.builder()
              .enabled(true)
              .serviceName("frontend")
              .endpoint(receiver.endpoint())
              .otlp(o -> o.withProtocol(protocol))
              .build();
      try (Tracing tracing = Tracing.start(config)) {
        tracing.threadInfo("preprocess", null, null);
        TraceReqContext request =
            tracing.startRequest(TraceReqStart.of("r1").withRole("FastDeploy"));
        try (TraceThreadContext lane = request.lane()) {
          lane.slice(TraceSpanName.PREPROCESSING).end();
        }
        push.sendMore("r1");
        push.send(request.carrier().toBytes());
        assertThat(worker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.exitValue()).isZero();
        request.finish();
      } finally {
        worker.destroyForcibly(); // one that hangs would keep the build from ending
      }
      check(SeenSpan.of(receiver.resourceSpans()));
    }
  }

  private static void check(List<SeenSpan> spans) {
    assertThat(spans)
        .extracting(SeenSpan::name)
        .containsExactlyInAnyOrder(
            "FastDeploy Req", "preprocess", "PREPROCESSING", "scheduler", "SCHEDULE");
    assertThat(spans.stream().map(SeenSpan::traceId).distinct()).hasSize(1);
    assertThat(named(spans, "scheduler").isChildOf(named(spans, "FastDeploy Req"))).isTrue();
    assertThat(named(spans, "SCHEDULE").linksTo(named(spans, "PREPROCESSING"))).isTrue();
    assertThat(named(spans, "SCHEDULE").resource().get("process.pid"))
        .isNotEqualTo(named(spans, "PREPROCESSING").resource().get("process.pid"));
    assertThat(named(spans, "FastDeploy Req").end())
        .isGreaterThanOrEqualTo(named(spans, "scheduler").end());
  }

  private static SeenSpan named(List<SeenSpan> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }

  private static Process worker(String endpoint, OtlpProtocol protocol) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-cp",
            System.getProperty("java.class.path"),
            Worker.class.getName(),
            endpoint,
            protocol.name())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
