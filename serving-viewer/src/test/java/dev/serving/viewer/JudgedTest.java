package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a viewer says of why a request was slow, from its spans and those of its engine's steps. */
class JudgedTest {
  private static final long ZERO = 1_795_234_507_615_000_000L;
  private static final String ID = "%032x".formatted(1);
  private static final String ADDRESS = "viewer/traces/" + ID + "/blame";

  private final Viewer viewer = Viewer.start(ViewerConfig.defaults().withPort(0));
  private final Client client = new Client(viewer);

  @AfterEach
  void close() {
    viewer.close();
  }

  @Test
  void theCausesSumToTheWholeAndNameWhoDidIt() {
    client.exportProtobuf(Judgeable.step(ZERO));
    client.exportProtobuf(Judgeable.request(ID, ZERO));
    JsonNode judged = client.json(ADDRESS);
    assertThat(judged.path("complete").asBoolean()).isTrue();
    assertThat(judged.at("/total/nanos").asLong()).isEqualTo(13 * SampleTrace.MILLI);
    assertThat(judged.at("/total/causes").toString())
        .isEqualTo(
            "{\"frontend\":1000000,\"schedule\":1000000,\"own\":100000,"
                + "\"others.prefill\":9900000,\"client_out\":1000000}");
    JsonNode who = judged.at("/total/culprits/0");
    assertThat(who.path("traceId").asString()).isEqualTo(Judgeable.CULPRIT);
    assertThat(who.path("amount").asLong()).isEqualTo(99);
  }

  @Test
  void withoutTheStepItsTimeIsNotExplained() {
    client.exportProtobuf(Judgeable.request(ID, ZERO));
    JsonNode judged = client.json(ADDRESS);
    assertThat(judged.path("complete").asBoolean()).isFalse();
    assertThat(judged.at("/total/causes").toString())
        .isEqualTo("{\"frontend\":1000000,\"client_out\":1000000,\"unexplained\":11000000}");
  }

  @Test
  void whoTellsNoHopsIsNotJudged() {
    client.exportProtobuf(SampleTrace.empty(ID, ZERO));
    assertThat(client.get(ADDRESS).statusCode()).isEqualTo(404);
    SampleTrace plain = SampleTrace.empty(ID, ZERO);
    plain.root("POST /v1/completions", 0, 5);
    client.exportProtobuf(plain);
    HttpResponse<byte[]> answer = client.get(ADDRESS);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(Client.json(answer).path("error").asString()).contains("level 3");
  }

  /** Spans may come from anybody: whatever stands where numbers should, there is an answer. */
  @Test
  void whatStrangersSayIsAnswered() {
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      String id = "%032x".formatted(100 + i);
      client.export("application/x-protobuf", garbled(Judgeable.step(ZERO), random));
      client.export("application/x-protobuf", garbled(Judgeable.request(id, ZERO), random));
      HttpResponse<byte[]> answer = client.get("viewer/traces/" + id + "/blame");
      assertThat(answer.statusCode()).as("round " + i).isIn(200, 404);
    }
  }

  private static byte[] garbled(SampleTrace trace, Random random) {
    ExportTraceServiceRequest.Builder request = trace.request().toBuilder();
    request
        .getResourceSpansBuilderList()
        .forEach(
            spans ->
                spans
                    .getScopeSpansBuilder(0)
                    .getSpansBuilderList()
                    .forEach(span -> garble(span, random)));
    return request.build().toByteArray();
  }

  private static void garble(Span.Builder span, Random random) {
    span.setSpanId(SampleTrace.bytes("%016x".formatted(random.nextLong() | 1)));
    List<KeyValue> attributes = new ArrayList<>(span.getAttributesList());
    Collections.shuffle(attributes, random);
    for (int i = 0; i < Math.min(2, attributes.size()); i++) {
      attributes.set(
          i, attributes.get(i).toBuilder().setValue(odd(attributes.get(i), random)).build());
    }
    span.clearAttributes().addAllAttributes(attributes);
  }

  private static AnyValue odd(KeyValue attribute, Random random) {
    AnyValue.Builder value = attribute.getValue().toBuilder();
    if (value.hasArrayValue() && random.nextBoolean()) {
      int many = random.nextInt(4);
      var array = value.getArrayValueBuilder().clear();
      for (int i = 0; i < many; i++) {
        array.addValues(AnyValue.newBuilder().setIntValue(random.nextLong()));
      }
      return value.build();
    }
    return switch (random.nextInt(4)) {
      case 0 -> value.setStringValue("x").build();
      case 1 -> value.setIntValue(random.nextLong()).build();
      case 2 -> value.setIntValue(Long.MIN_VALUE).build();
      default -> value.setDoubleValue(Double.NaN).build();
    };
  }
}
