package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.serving.viewer.store.SpanKind;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a sender of OTLP over HTTP sees, and what arrives in the store. */
class ReceiverTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final long ZERO = 1_795_234_507_615_000_000L;
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";

  private final Viewer viewer =
      Viewer.start(ViewerConfig.defaults().withPort(0).withBodies(100_000, 300_000));
  private final Client client = new Client(viewer);

  @AfterEach
  void close() {
    viewer.close();
  }

  @Test
  void protobufArrivesWhole() throws InvalidProtocolBufferException {
    HttpResponse<byte[]> answer = client.exportProtobuf(SampleTrace.chat(ID, ZERO));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains(PROTOBUF);
    assertThat(ExportTraceServiceResponse.parseFrom(answer.body()).hasPartialSuccess()).isFalse();
    StoredTrace trace = viewer.store().trace(ID).orElseThrow();
    assertThat(trace.spans()).hasSize(13);
    assertThat(trace.durationNanos()).isEqualTo(312 * SampleTrace.MILLI);
    assertThat(trace.root().name()).isEqualTo("POST /v1/chat/completions");
    assertThat(trace.root().kind()).isEqualTo(SpanKind.SERVER);
    assertThat(trace.root().attributes()).containsEntry("gen_ai.usage.input_tokens", 128L);
  }

  @Test
  void jsonGivesTheSameSpansAsProtobuf() {
    SampleTrace sample = SampleTrace.chat(ID, ZERO);
    byte[] json = Json.bytes(OtlpJsonTraces.of(List.of(sample.stored()))).toByteArray();

    HttpResponse<byte[]> answer = client.export(JSON + "; charset=utf-8", json);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains(JSON);
    assertThat(Client.json(answer).isEmpty()).isTrue();
    assertThat(viewer.store().trace(ID)).contains(sample.stored());
  }

  @Test
  void jsonMayWriteNumbersAsNumbersAndHaveUnknownFields() {
    String json =
        """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%s","spanId":"00f067aa0ba902b7",
          "name":"n","kind":2,"startTimeUnixNano":1795234507615132723,"endTimeUnixNano":"1795234507615132724",
          "attributes":[{"key":"d","value":{"doubleValue":"NaN"}},{"key":"a","value":{"arrayValue":
            {"values":[{"intValue":1},{"boolValue":true}]}}},{"key":"m","value":{"kvlistValue":
            {"values":[{"key":"k","value":{"bytesValue":"AQI="}}]}}},{"key":"none","value":{}}],
          "futureField":[1,2,3]}]}]}]}
        """
            .formatted(ID.toUpperCase(Locale.ROOT));

    assertThat(client.export(JSON, json.getBytes(StandardCharsets.UTF_8)).statusCode())
        .isEqualTo(200);

    StoredSpan span = viewer.store().trace(ID).orElseThrow().root();
    assertThat(span.durationNanos()).isEqualTo(1);
    assertThat(span.attributes().get("a")).isEqualTo(List.of(1L, true));
    assertThat(span.attributes().get("m")).isEqualTo(Map.of("k", "AQI="));
    assertThat(span.attributes().get("d")).isEqualTo(Double.NaN);
    assertThat(span.attributes()).containsEntry("none", null);
    assertThat(client.json("viewer/traces/" + ID).path("spans").asInt()).isEqualTo(1);
    assertThat(client.json("api/traces/" + ID).path("data")).hasSize(1);
    assertThat(client.json("api/v3/traces/" + ID).path("result").isObject()).isTrue();
  }

  @Test
  void gzipIsUnpacked() {
    byte[] packed = Client.gzip(SampleTrace.chat(ID, ZERO).request().toByteArray());

    assertThat(client.export(PROTOBUF, packed, "Content-Encoding", "gzip").statusCode())
        .isEqualTo(200);
    assertThat(viewer.store().trace(ID)).isPresent();
  }

  @Test
  void gzipOfEndlessEmptyPartsIsRefused() {
    byte[] part = Client.gzip(new byte[0]);
    byte[] parts = new byte[part.length * 400_000];
    for (int at = 0; at < parts.length; at += part.length) {
      System.arraycopy(part, 0, parts, at, part.length);
    }

    assertThatThrownBy(() -> GzipBody.unpack(ByteString.copyFrom(parts), 1 << 20))
        .isInstanceOf(MalformedExportException.class)
        .hasMessageContaining("empty parts");
  }

  @Test
  void anEmptyRequestIsASuccess() {
    assertThat(client.export(PROTOBUF, new byte[0]).statusCode()).isEqualTo(200);
    assertThat(client.export(JSON, "{}".getBytes(StandardCharsets.UTF_8)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void spansWithoutIdsAreRejectedAndTheRestKept() throws InvalidProtocolBufferException {
    SampleTrace sample = SampleTrace.chat(ID, ZERO);
    sample.any("frontend", sample.span("no id", null, 0, 1).setSpanId(ByteString.EMPTY));
    sample.any(
        "frontend",
        sample.span("zero id", null, 0, 1).setTraceId(SampleTrace.bytes("0".repeat(32))));

    HttpResponse<byte[]> answer = client.exportProtobuf(sample);

    assertThat(answer.statusCode()).isEqualTo(200);
    var partial = ExportTraceServiceResponse.parseFrom(answer.body()).getPartialSuccess();
    assertThat(partial.getRejectedSpans()).isEqualTo(2);
    assertThat(partial.getErrorMessage()).contains("2 spans", "trace id");
    assertThat(viewer.store().trace(ID).orElseThrow().spans()).hasSize(13);
  }

  @Test
  void aBodyWithoutContentTypeIsRefusedAtOnce() {
    HttpResponse<byte[]> answer = client.export(null, new byte[10]);

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(Client.json(answer).path("message").asString()).contains("Content-Type");
  }

  @Test
  void missingContentTypeIsAnsweredBeforeTheBodyArrives() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), viewer.uri().getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));

      byte[] start = socket.getInputStream().readNBytes(12);

      assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 415");
    }
  }

  @Test
  void otherContentTypesAndEncodingsAreRefused() {
    assertThat(client.export("text/plain", new byte[1]).statusCode()).isEqualTo(415);
    assertThat(client.export(PROTOBUF, new byte[1], "Content-Encoding", "br").statusCode())
        .isEqualTo(415);
  }

  @Test
  void malformedBodiesAreRefusedInTheirOwnFormat() throws IOException {
    byte[] junk = new byte[500];
    new Random(7).nextBytes(junk);

    HttpResponse<byte[]> protobuf = client.export(PROTOBUF, junk);
    HttpResponse<byte[]> json =
        client.export(JSON, "{\"resourceSpans\":7}".getBytes(StandardCharsets.UTF_8));
    HttpResponse<byte[]> cut =
        client.export(JSON, "{\"resourceSpans\":[".getBytes(StandardCharsets.UTF_8));
    HttpResponse<byte[]> gzip = client.export(PROTOBUF, junk, "Content-Encoding", "gzip");

    assertThat(protobuf.statusCode()).isEqualTo(400);
    assertThat(protobuf.headers().firstValue("content-type")).contains(PROTOBUF);
    assertThat(statusMessage(protobuf.body())).contains("ExportTraceServiceRequest");
    assertThat(json.statusCode()).isEqualTo(400);
    assertThat(Client.json(json).path("code").asInt()).isEqualTo(3);
    assertThat(Client.json(json).path("message").asString()).contains("resourceSpans");
    assertThat(cut.statusCode()).isEqualTo(400);
    assertThat(gzip.statusCode()).isEqualTo(400);
    assertThat(statusMessage(gzip.body())).contains("gzip");
  }

  @Test
  void deeplyNestedJsonIsRefused() {
    String deep = "{\"arrayValue\":{\"values\":[".repeat(300) + "]}}".repeat(300);
    String json =
        "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"k\",\"value\":%s}]}}]}"
            .formatted(deep);

    assertThat(client.export(JSON, json.getBytes(StandardCharsets.UTF_8)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void bodiesBeyondTheLimitAreRefusedAlsoWhenTheyGrowInUnpacking() {
    byte[] large = new byte[150_000];

    assertThat(client.export(PROTOBUF, large).statusCode()).isEqualTo(413);
    assertThat(client.export(PROTOBUF, Client.gzip(large), "Content-Encoding", "gzip").statusCode())
        .isEqualTo(413);
    assertThat(client.export(JSON, large).headers().firstValue("content-type")).contains(JSON);
    assertThat(client.exportProtobuf(SampleTrace.chat(ID, ZERO)).statusCode()).isEqualTo(200);
  }

  @Test
  void tooManyBodiesAtOnceAreToldToTryAgain() throws IOException {
    try (Socket one = unfinished(99_000);
        Socket two = unfinished(99_000);
        Socket three = unfinished(99_000)) {
      assertThat(List.of(one, two, three)).allMatch(Socket::isConnected);
      Awaitility.await()
          .until(() -> client.json("api/status").path("inFlightBytes").asInt() == 297_000);
      byte[] body = new byte[50_000];
      Awaitility.await()
          .untilAsserted(
              () -> {
                HttpResponse<byte[]> answer = client.export(PROTOBUF, body);
                assertThat(answer.statusCode()).isEqualTo(429);
                assertThat(answer.headers().firstValue("retry-after")).contains("1");
              });
    }
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(client.exportProtobuf(SampleTrace.chat(ID, ZERO)).statusCode())
                    .isEqualTo(200));
  }

  @Test
  void otherMethodsAreNotAllowed() {
    HttpResponse<byte[]> answer = client.method("PUT", "v1/traces");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("allow")).contains("POST");
    assertThat(client.get("v1/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void statusCountsWhatCameAndWhatBecameOfIt() {
    client.exportProtobuf(SampleTrace.chat(ID, ZERO));
    client.exportProtobuf(SampleTrace.chat(ID, ZERO));
    client.export(PROTOBUF, ExportTraceServiceRequest.getDefaultInstance().toByteArray());
    client.export("text/plain", new byte[1]);

    var status = client.json("api/status");

    assertThat(status.path("requests").asInt()).isEqualTo(3);
    assertThat(status.path("refusedRequests").asInt()).isEqualTo(1);
    assertThat(status.path("receivedSpans").asInt()).isEqualTo(26);
    assertThat(status.path("storedSpans").asInt()).isEqualTo(13);
    assertThat(status.path("duplicateSpans").asInt()).isEqualTo(13);
    assertThat(status.path("heldTraces").asInt()).isEqualTo(1);
    assertThat(client.json("health").path("status").asString()).isEqualTo("ok");
  }

  private Socket unfinished(int bytes) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), viewer.uri().getPort());
    String head =
        """
        POST /v1/traces HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/x-protobuf\r
        Content-Length: 100000\r
        \r
        """;
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(new byte[bytes]);
    socket.getOutputStream().flush();
    return socket;
  }

  private static String statusMessage(byte[] status) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(status);
    assertThat(in.readTag()).isEqualTo(8);
    assertThat(in.readInt32()).isEqualTo(3);
    assertThat(in.readTag()).isEqualTo(18);
    return in.readString();
  }
}
