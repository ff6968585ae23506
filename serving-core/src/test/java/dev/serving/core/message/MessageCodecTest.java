package dev.serving.core.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.message.RankMessage.Admission;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.SchedulerMessage.Sampled;
import dev.serving.trace.TraceCarrier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.cbor.CBORMapper;

/** This shows that what is sent is what arrives, and that nothing else does. */
final class MessageCodecTest {
  private static final TraceCarrier CARRIER =
      TraceCarrier.fromMap(
          Map.of(
              "root", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03",
              "prev", "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-03",
              "tracestate", "vendor=1",
              "level", "3",
              "start", "1700000000000000001"));
  private static final SamplingParams SAMPLING =
      new SamplingParams(
          9,
          1,
          .5f,
          .9f,
          40,
          .1f,
          1.1f,
          .2f,
          -.3f,
          Map.of(5, -1f),
          7L,
          3,
          Set.of(2, 4),
          true,
          -1,
          Constraints.NONE);

  private static final SpanCounts SPANS =
      new SpanCounts(9, 5, Map.of("deadline", 3L), 1, 200, 4, 2, 3000);
  private static final ProcessReport PROCESS =
      new ProcessReport(new ProcessUsage(1, 2, 3, 4, 5, 6, 7), SPANS);

  static List<Message> kinds() {
    TracingLevels levels = new TracingLevels(3, Set.of("engine"), 0.5);
    Admission admission = new Admission(SAMPLING, new int[] {1, 2, 3}, 2, 1, CARRIER);
    TokenLogprobs logprobs = new TokenLogprobs(-.5f, 1, List.of(1, 2), List.of(-.5f, -1f));
    return List.of(
        new EngineMessage.Generate("r", new int[] {1, 2, 99_999}, SAMPLING, -1, CARRIER),
        new EngineMessage.Cancel("r", FinishReason.STOP),
        new EngineMessage.Pause("r"),
        new EngineMessage.Resume("r"),
        new EngineMessage.FrontendAlive(),
        new EngineMessage.SetTracing(levels),
        new EngineMessage.Shutdown(),
        new FrontendMessage.Output(
            "r", List.of(1, 2), List.of(logprobs), 16, FinishReason.LENGTH, null, CARRIER),
        new FrontendMessage.Output("r", List.of(), List.of(), 0, null, null, TraceCarrier.none()),
        new FrontendMessage.Outputs(
            List.of(
                new FrontendMessage.Output(
                    "r", List.of(7), List.of(), 0, null, null, TraceCarrier.none()))),
        new FrontendMessage.EngineReady(List.of(1L, 2L), 512, 100, 16, 7_000_000_000L, 12),
        new FrontendMessage.EngineStatus(1, 2, 3, 4, 5, 6, 7),
        new FrontendMessage.EngineReport(
            List.of(new StepReport(2, 30, 1, 99)),
            List.of(7L),
            List.of(new InferenceReport(5, 6)),
            Map.of("rank-1", PROCESS),
            4),
        new FrontendMessage.EngineFailed("rank 1 is dead"),
        new RankMessage.Step(
            7,
            List.of(
                new Chunk("r", Phase.PREFILL, 0, new int[] {1, 2}, new int[] {0}, true, admission),
                new Chunk("s", Phase.DECODE, 9, new int[] {4}, new int[0], true, null))),
        new Release("r", Release.Cause.PREEMPTED, "no free KV blocks"),
        new RankMessage.SchedulerAlive(),
        new RankMessage.SetRankTracing(levels),
        new RankMessage.StopRank(),
        new SchedulerMessage.StepDone(7, 123, 4, List.of(new Sampled("r", 5, logprobs, CARRIER))),
        new SchedulerMessage.RankReady(42, 100, 7_000_000_000L),
        new SchedulerMessage.RankStatus(PROCESS),
        new SchedulerMessage.RankFailed("no memory"));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindArrivesAsItWasSent(Message message) {
    assertThat(MessageCodec.decode(MessageCodec.encode(message))).isEqualTo(message);
  }

  @Test
  void anotherVersionIsRefused() {
    byte[] bytes = MessageCodec.encode(new EngineMessage.Shutdown());
    bytes[0]++;
    assertThatThrownBy(() -> MessageCodec.decode(bytes))
        .isInstanceOf(MessageException.class)
        .hasMessageContaining("not a message of version");
  }

  @Test
  void countsThatDoNotAddUpAreRefused() {
    assertThatThrownBy(() -> new SpanCounts(9, 5, Map.of(), 1, 0, 0, 0, 0))
        .hasMessageContaining("9 is not 5 + 0 + 1");
    assertThatThrownBy(() -> new StepReport(3, 1, 1, 0)).hasMessageContaining("1 + 1 rows");
  }

  @Test
  void whatARecordRefusesNeverArrives() {
    byte[] bytes = MessageCodec.encode(new EngineMessage.Cancel("r", FinishReason.STOP));
    byte[] lie =
        new String(bytes, StandardCharsets.ISO_8859_1)
            .replace("dSTOP", "dBUSY") // a text of four characters in CBOR
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(lie).isNotEqualTo(bytes);
    assertThatThrownBy(() -> MessageCodec.decode(lie)).isInstanceOf(MessageException.class);
  }

  /** What says nothing of an output is left out; these always say something. */
  @ParameterizedTest
  @ValueSource(strings = {"rid", "tokens"})
  void anOutputWithoutWhatItMustHaveIsRefused(String name) {
    Map<String, Object> output =
        new HashMap<>(Map.of("kind", "Output", "rid", "r", "tokens", List.of(1)));
    assertThat(MessageCodec.decode(message(output))).isInstanceOf(FrontendMessage.Output.class);
    output.put(name, null);
    assertThatThrownBy(() -> MessageCodec.decode(message(output)))
        .isInstanceOf(MessageException.class);
    output.remove(name);
    assertThatThrownBy(() -> MessageCodec.decode(message(output)))
        .isInstanceOf(MessageException.class);
  }

  private static byte[] message(Map<String, Object> fields) {
    byte[] body = new CBORMapper().writeValueAsBytes(fields);
    byte version = MessageCodec.encode(new EngineMessage.Shutdown())[0];
    return ByteBuffer.allocate(1 + body.length).put(version).put(body).array();
  }

  @Test
  void tenThousandMutatedMessagesAreReadOrRefusedButNeverMore() {
    Random random = new Random(1);
    List<byte[]> seeds = kinds().stream().map(MessageCodec::encode).toList();
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      readOrRefuse(bytes);
      readOrRefuse(cut);
    }
  }

  private static void readOrRefuse(byte[] bytes) {
    try {
      assertThat(MessageCodec.decode(bytes)).isNotNull();
    } catch (MessageException e) {
      assertThat(e).hasMessageContaining("not a message");
    }
  }
}
