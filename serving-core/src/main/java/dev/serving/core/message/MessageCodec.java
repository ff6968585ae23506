package dev.serving.core.message;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.trace.TraceCarrier;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * Messages as bytes: one version byte, then CBOR with the record's name. Safe from any thread.
 *
 * <p>What arrives is checked: length, version, kind, and whatever the record's constructor checks.
 */
public final class MessageCodec {
  /** Most bytes in a message: a prompt of a million tokens, with room. */
  public static final int MAX_BYTES = 8 << 20;

  private static final byte VERSION = 6;
  private static final int MAX_STRING = 1 << 20;
  private static final int MAX_DEPTH = 16;
  private static final ObjectMapper MAPPER = mapper();

  private MessageCodec() {}

  /**
   * Writes a message.
   *
   * @return version byte and CBOR
   * @throws MessageException when it would be over {@link #MAX_BYTES}
   */
  public static byte[] encode(Message message) {
    byte[] body = MAPPER.writerFor(Message.class).writeValueAsBytes(message);
    if (body.length >= MAX_BYTES) {
      throw new MessageException("message of " + body.length + " bytes is over " + MAX_BYTES);
    }
    byte[] bytes = new byte[body.length + 1];
    bytes[0] = VERSION;
    System.arraycopy(body, 0, bytes, 1, body.length);
    return bytes;
  }

  /**
   * Reads a message.
   *
   * @throws MessageException when the bytes are not a valid message of this version
   */
  @SuppressWarnings("CatchingUnchecked") // garbled bytes upset the parser in ways of its own
  public static Message decode(byte[] bytes) {
    if (bytes.length < 2 || bytes.length > MAX_BYTES || bytes[0] != VERSION) {
      throw new MessageException("not a message of version " + VERSION);
    }
    Message message;
    try {
      message = MAPPER.readValue(bytes, 1, bytes.length - 1, Message.class);
    } catch (RuntimeException e) {
      throw new MessageException("not a message: " + e.getMessage(), e);
    }
    if (message == null) {
      throw new MessageException("not a message: null");
    }
    return message;
  }

  /**
   * A message as its reader would have it.
   *
   * @throws MessageException when it cannot be sent
   */
  public static Message copy(Message message) {
    return decode(encode(message));
  }

  private static ObjectMapper mapper() {
    CBORFactory factory =
        CBORFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxStringLength(MAX_STRING)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxDocumentLength(MAX_BYTES)
                    .build())
            .build();
    return CBORMapper.builder(factory)
        .addMixIn(Message.class, Named.class)
        .registerSubtypes(kinds(Message.class).toArray(NamedType[]::new))
        .addModule(
            new SimpleModule()
                .addSerializer(TraceCarrier.class, new CarrierWriter())
                .addDeserializer(TraceCarrier.class, new CarrierReader(null))
                .addSerializer(Output.class, new OutputFormat.Writer())
                .addDeserializer(Output.class, new OutputFormat.Reader()))
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build();
  }

  private static Stream<NamedType> kinds(Class<?> type) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    return permitted == null
        ? Stream.of(new NamedType(type, type.getSimpleName()))
        : Arrays.stream(permitted).flatMap(MessageCodec::kinds);
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  private interface Named {}

  private static final class CarrierWriter extends ValueSerializer<TraceCarrier> {
    @Override
    public void serialize(TraceCarrier carrier, JsonGenerator out, SerializationContext context) {
      context.writeValue(out, carrier.toMap());
    }
  }

  /** Knows who reads its map: found anew for each carrier, it takes longer than the reading. */
  private static final class CarrierReader extends ValueDeserializer<TraceCarrier> {
    private final ValueDeserializer<Object> map;

    CarrierReader(ValueDeserializer<Object> map) {
      this.map = map;
    }

    @Override
    public ValueDeserializer<?> createContextual(
        DeserializationContext context, BeanProperty property) {
      JavaType type =
          context.getTypeFactory().constructMapType(Map.class, String.class, Object.class);
      return new CarrierReader(context.findRootValueDeserializer(type));
    }

    @Override
    @SuppressWarnings("unchecked") // the type that it was made for
    public TraceCarrier deserialize(JsonParser in, DeserializationContext context) {
      return TraceCarrier.fromMap((Map<String, Object>) map.deserialize(in, context));
    }
  }
}
