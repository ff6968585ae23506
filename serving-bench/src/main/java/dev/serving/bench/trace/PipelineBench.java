package dev.serving.bench.trace;

import dev.serving.trace.SpanBalance;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import dev.serving.trace.config.OtlpProtocol;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What the export pipeline carries, and what it does when its receiver is gone or silent. */
public final class PipelineBench {
  private static final String HELP =
      """
      What the export pipeline carries, and what it does when its receiver is gone or silent.
        java -Xmx2g -cp serving-bench/target/serving-bench.jar \\
            dev.serving.bench.trace.PipelineBench [throughput|outage|silence|all]
        -Dbatch=N before it sets the most spans of a batch, -Dsenders=N the batches on the way
      throughput  10 s as fast as delivered, over HTTP and gRPC; goal 300,000 spans
                  per second, none lost
      outage      30 s at 10,000 spans/s, the receiver stopped for the middle 10 s; goal 0 lost
      silence     a receiver that accepts and never answers: cost of a slice against that with
                  a receiver, memory, and the balance
      """;

  private static final int WARM_UP_SECONDS = 3;

  private PipelineBench() {}

  /**
   * Runs what is asked for, by default all.
   *
   * @param args the names of runs, or {@code --help}
   * @throws Exception if a receiver cannot listen
   */
  public static void main(String[] args) throws Exception {
    List<String> runs = args.length == 0 ? List.of("all") : List.of(args);
    if (runs.contains("--help")) {
      System.out.print(HELP);
      return;
    }
    boolean all = runs.contains("all");
    if (all || runs.contains("throughput")) {
      throughput("HTTP", OtlpProtocol.HTTP_PROTOBUF, new HttpReceiver());
      throughput("gRPC", OtlpProtocol.GRPC, new GrpcReceiver());
    }
    if (all || runs.contains("outage")) {
      outage("HTTP", OtlpProtocol.HTTP_PROTOBUF, new HttpReceiver());
      outage("gRPC", OtlpProtocol.GRPC, new GrpcReceiver());
    }
    if (all || runs.contains("silence")) {
      silence("HTTP", OtlpProtocol.HTTP_PROTOBUF, new HttpReceiver());
      silence("gRPC", OtlpProtocol.GRPC, new GrpcReceiver());
    }
  }

  private static void throughput(String name, OtlpProtocol protocol, CountingReceiver receiver)
      throws IOException {
    receiver.start();
    Tracing tracing = tracing(receiver, protocol);
    SliceMaker maker = new SliceMaker(tracing);
    maker.pushAsFastAsDelivered(WARM_UP_SECONDS, 50_000);
    long spansBefore = tracing.metrics().delivered();
    long cpuBefore = Cpu.ofExporting();
    long start = System.nanoTime();
    maker.pushAsFastAsDelivered(10, 50_000);
    double seconds = (double) (System.nanoTime() - start) / 1e9;
    double cpu = (double) (Cpu.ofExporting() - cpuBefore) / 1e9;
    double spans = tracing.metrics().delivered() - spansBefore;
    long made = maker.finish();
    tracing.close();
    receiver.close();
    System.out.printf(
        "throughput %s: %,.0f spans/s delivered, %,.0f per second of exporting processor time;"
            + " made %,d, received %,d, lost %,d%n",
        name, spans / seconds, spans / cpu, made, receiver.spans(), made - receiver.spans());
  }

  private static void outage(String name, OtlpProtocol protocol, CountingReceiver receiver)
      throws Exception {
    receiver.start();
    Tracing tracing = tracing(receiver, protocol);
    CountDownLatch over = new CountDownLatch(1);
    Thread switcher = new Thread(() -> stopFor10Seconds(receiver, over));
    switcher.start();
    SliceMaker maker = new SliceMaker(tracing);
    maker.pace(10_000, 30);
    over.await();
    long made = maker.finish();
    boolean flushed = tracing.flush(Duration.ofSeconds(30));
    tracing.close();
    receiver.close();
    SpanBalance balance = tracing.metrics().balance();
    System.out.printf(
        "outage %s: receiver stopped for 10 s of 30 s at 10,000 spans/s: made %,d, delivered %,d,"
            + " received %,d, lost %,d; flushed %s; balance %s%n",
        name,
        made,
        balance.delivered(),
        receiver.spans(),
        made - balance.delivered(),
        flushed,
        balance);
  }

  private static void stopFor10Seconds(CountingReceiver receiver, CountDownLatch over) {
    try {
      TimeUnit.SECONDS.sleep(10);
      receiver.stop();
      TimeUnit.SECONDS.sleep(10);
      receiver.start();
      over.countDown();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the receiver could not be stopped and started", e);
    }
  }

  private static void silence(String name, OtlpProtocol protocol, CountingReceiver answering)
      throws IOException {
    double[] costs = new double[2];
    Tracing[] both = new Tracing[2];
    CountingReceiver[] receivers = {answering, new SilentReceiver()};
    SliceMaker[] makers = new SliceMaker[2];
    for (int i = 0; i < 2; i++) {
      receivers[i].start();
      both[i] = tracing(receivers[i], protocol);
      makers[i] = new SliceMaker(both[i]);
    }
    // In turns, so that a machine that changes its pace changes it for both.
    int rounds = 60;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < 2; i++) {
        double cost = makers[i].cost(20_000);
        costs[i] += round < 20 ? 0 : cost / (rounds - 20);
        makers[i].pace(1, 0.05);
      }
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long queued = both[1].metrics().queuedBytes();
    long heap = runtime.totalMemory() - runtime.freeMemory();
    long made = makers[1].finish();
    both[0].close();
    both[1].close();
    receivers[0].close();
    receivers[1].close();
    SpanBalance balance = both[1].metrics().balance();
    System.out.printf(
        "silence %s: a slice costs %.0f ns, with a receiver that answers %.0f ns (ratio %.2f);"
            + " queue %,d bytes of %,d allowed, heap after collection %,d; made %,d; balance %s%n",
        name,
        costs[1],
        costs[0],
        costs[1] / costs[0],
        queued,
        TracingConfig.builder().build().batch().maxQueueBytes(),
        heap,
        made,
        balance);
  }

  private static Tracing tracing(CountingReceiver receiver, OtlpProtocol protocol) {
    return Tracing.start(
        TracingConfig.builder()
            .enabled(true)
            .endpoint(receiver.endpoint())
            .otlp(o -> o.withProtocol(protocol))
            .batch(
                b ->
                    b.withMaxBatchSpans(Integer.getInteger("batch", b.maxBatchSpans()))
                        .withSenders(Integer.getInteger("senders", b.senders())))
            .build());
  }
}
