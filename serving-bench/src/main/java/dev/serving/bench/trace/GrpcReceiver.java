package dev.serving.bench.trace;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;

/** Counts what comes over gRPC. */
final class GrpcReceiver implements CountingReceiver {
  private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";

  private static final MethodDescriptor<byte[], byte[]> EXPORT =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(SERVICE + "/Export")
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  private final LongAdder spans = new LongAdder();
  private Server server;
  private int port;

  @Override
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(
                ServerServiceDefinition.builder(SERVICE)
                    .addMethod(EXPORT, ServerCalls.asyncUnaryCall(this::export))
                    .build())
            .build()
            .start();
    port = server.getPort();
  }

  @Override
  public void stop() {
    server.shutdownNow();
  }

  @Override
  public long spans() {
    return spans.sum();
  }

  private void export(byte[] request, StreamObserver<byte[]> answer) {
    spans.add(SpanCount.of(request));
    answer.onNext(new byte[0]);
    answer.onCompleted();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
