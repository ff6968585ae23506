import dev.serving.trace.*;
import org.zeromq.*;

/** Somebody else's server: two processes, two threads in the first of them, one trace. */
public class HelloTrace {
  public static void main(String[] arguments) throws Exception {
    String address = arguments.length > 1 ? arguments[1] : "tcp://127.0.0.1:5599";
    try (Tracing tracing = Tracing.start(TracingConfig.fromEnvironment(System.getenv()));
        ZContext context = new ZContext()) {
      context.setLinger(60_000); // what is sent arrives, also when this process ends at once
      if (arguments.length > 0 && arguments[0].equals("engine")) {
        engine(tracing, context.createSocket(SocketType.REP), address);
      } else {
        frontend(tracing, context.createSocket(SocketType.REQ), address);
      }
    }
  }

  static void frontend(Tracing tracing, ZMQ.Socket zmq, String address) throws Exception {
    zmq.connect(address);
    TraceReqContext request = tracing.startRequest(TraceReqStart.of("r1").withRole("Hello"));
    Thread tokenizer = new Thread(() -> work(tracing, request, "tokenizer", "TOKENIZE"));
    tokenizer.start();
    tokenizer.join();
    zmq.sendMore(request.rid());
    zmq.send(request.carrier().toBytes()); // after the slice, so that the engine's links to it
    zmq.recv();
    work(tracing, request, "logger", "LOG");
    request.finish(0, null);
    request.info().ifPresent(info -> System.out.println("trace " + info.traceId()));
  }

  static void engine(Tracing tracing, ZMQ.Socket zmq, String address) {
    zmq.bind(address);
    TraceReqContext request =
        tracing.joinRequest(zmq.recvStr(), TraceCarrier.fromBytes(zmq.recv()), 0);
    work(tracing, request, "engine", "COMPUTE");
    request.finish(0, null);
    zmq.send("done");
  }

  static void work(Tracing tracing, TraceReqContext request, String thread, String slice) {
    tracing.threadInfo(thread, null, null); // names this thread's lane
    try (TraceThreadContext lane = request.lane(0)) {
      lane.slice(slice).set("letters", slice.length()).end();
    }
  }
}
