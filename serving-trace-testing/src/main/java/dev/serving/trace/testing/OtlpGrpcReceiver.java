package dev.serving.trace.testing;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** OTLP over gRPC by grpc-java. */
public final class OtlpGrpcReceiver extends OtlpTestReceiver {
  private static final Context.Key<Map<String, String>> HEADERS = Context.key("headers");

  private final Server server;
  private final String scheme;

  private OtlpGrpcReceiver(NettyServerBuilder builder, String scheme) throws IOException {
    this.scheme = scheme;
    server = builder.addService(new Service()).intercept(new Remember()).build().start();
  }

  public static OtlpGrpcReceiver plain() throws IOException {
    return plain(0);
  }

  public static OtlpGrpcReceiver plain(int port) throws IOException {
    return new OtlpGrpcReceiver(builder(port), "http");
  }

  /** With a smaller limit of a message, or a smaller window of flow control. */
  public static OtlpGrpcReceiver narrow(int maxMessage, int window) throws IOException {
    NettyServerBuilder builder = builder(0).maxInboundMessageSize(maxMessage);
    return new OtlpGrpcReceiver(builder.flowControlWindow(window), "http");
  }

  public static OtlpGrpcReceiver secured(SslContext tls) throws IOException {
    return new OtlpGrpcReceiver(builder(0).sslContext(tls), "https");
  }

  private static NettyServerBuilder builder(int port) {
    return NettyServerBuilder.forAddress(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public String endpoint() {
    return scheme + "://localhost:" + port();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Service extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
      OtlpReply reply = received(request, HEADERS.get());
      if (reply instanceof OtlpReply.Taken taken) {
        answer.onNext(taken.response());
        answer.onCompleted();
      } else if (reply instanceof OtlpReply.Grpc grpc) {
        answer.onError(StatusProto.toStatusRuntimeException(grpc.status()));
      }
    }
  }

  private static final class Remember implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
      Map<String, String> all = new HashMap<>();
      for (String name : metadata.keys()) {
        if (!name.endsWith("-bin")) {
          all.put(name, metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
        }
      }
      return Contexts.interceptCall(
          Context.current().withValue(HEADERS, all), call, metadata, next);
    }
  }
}
