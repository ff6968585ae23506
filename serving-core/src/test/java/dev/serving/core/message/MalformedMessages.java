package dev.serving.core.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import tools.jackson.dataformat.cbor.CBORMapper;

/** What no worker ever says, from a seed: none of it is a message that a link may hand on. */
public final class MalformedMessages {
  private static final byte VERSION = MessageCodec.encode(new EngineMessage.Shutdown())[0];

  /** Kinds that there are, and one that there must not be, with values that cannot be. */
  private static final List<Map<String, Object>> ABSURD =
      List.of(
          status(-1, 0),
          status(0, Integer.MIN_VALUE),
          Map.of("kind", "EngineStatus", "running", "many"),
          Map.of("kind", "EngineStatus", "running", 1e300),
          Map.of("kind", "EngineReady", "pids", List.of(), "maxModelLength", 512),
          Map.of("kind", "EngineFailed"),
          Map.of("kind", "Output", "rid", "", "tokens", List.of(1)),
          Map.of("kind", "Output", "rid", "x".repeat(300), "tokens", List.of(1)),
          Map.of("kind", "Output", "rid", "r", "finish", "NEVER"),
          Map.of("kind", "StepDone", "id", 1, "busyNs", -1, "waitedNs", 0, "sampled", List.of()),
          Map.of("kind", "RankReady", "pid", 1, "kvBlocks", 0, "weightBytes", 1),
          Map.of("kind", "RankFailed"),
          Map.of("kind", "Generate", "rid", "r", "prompt", List.of()),
          Map.of("kind", "java.lang.Runtime", "running", 1),
          Map.of("kind", 7),
          Map.of("running", 1));

  private final CBORMapper cbor = new CBORMapper();
  private final Random random;
  private final List<byte[]> whole =
      MessageCodecTest.kinds().stream().map(MessageCodec::encode).toList();

  /** Always the same for the same seed. */
  public MalformedMessages(long seed) {
    random = new Random(seed);
  }

  /** The frames of the next one, without a sender's identity. */
  public List<byte[]> next() {
    return switch (random.nextInt(6)) {
      case 0 -> List.of(garbage());
      case 1 -> List.of(versioned(garbage()));
      case 2 -> List.of(truncated());
      case 3 -> List.of(ofAnotherVersion());
      case 4 -> List.of(versioned(cbor.writeValueAsBytes(pick(ABSURD))));
      default -> Stream.generate(() -> pick(whole)).limit(2 + random.nextInt(6)).toList();
    };
  }

  /** More than a link takes. */
  public static byte[] oversize() {
    return new byte[MessageCodec.MAX_BYTES + 1];
  }

  /**
   * Sockets that come in as one peer and speak under names that are empty, odd, long, or begin like
   * the real one.
   */
  public static List<ZMQ.Socket> impostors(ZContext context, String address, String identity) {
    byte[] odd = {(byte) 0xC3, 0x28, 0, (byte) 0xFF};
    byte[] like = identity.substring(0, identity.length() - 1).getBytes(StandardCharsets.UTF_8);
    byte[] longest = new byte[255];
    Arrays.fill(longest, (byte) 'x');
    return Stream.of(new byte[0], odd, like, longest)
        .map(id -> connect(context, address, identity, id))
        .toList();
  }

  /** A socket that comes in as one peer and then names itself; the empty name is ZeroMQ's own. */
  public static ZMQ.Socket connect(
      ZContext context, String address, String admittedAs, byte[] identity) {
    ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
    Knock.before(socket, admittedAs);
    if (identity.length > 0) {
      socket.setIdentity(identity);
    }
    socket.setHandshakeIvl(500);
    socket.connect(address);
    return socket;
  }

  /** Sends the next one. */
  public void send(ZMQ.Socket socket) {
    List<byte[]> frames = next();
    IntStream.range(0, frames.size())
        .forEach(i -> socket.send(frames.get(i), i + 1 < frames.size() ? ZMQ.SNDMORE : 0));
  }

  private static Map<String, Object> status(int running, int waiting) {
    return Map.of(
        "kind",
        "EngineStatus",
        "running",
        running,
        "waiting",
        waiting,
        "paused",
        0,
        "usedBlocks",
        0,
        "kvBlocks",
        1,
        "steps",
        1,
        "preemptions",
        0);
  }

  private byte[] garbage() {
    byte[] bytes = new byte[random.nextInt(2000)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] truncated() {
    byte[] bytes = pick(whole);
    return Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1));
  }

  private byte[] ofAnotherVersion() {
    byte[] bytes = pick(whole).clone();
    bytes[0] = (byte) (VERSION + 1 + random.nextInt(250));
    return bytes;
  }

  private static byte[] versioned(byte[] body) {
    byte[] bytes = new byte[body.length + 1];
    bytes[0] = VERSION;
    System.arraycopy(body, 0, bytes, 1, body.length);
    return bytes;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
