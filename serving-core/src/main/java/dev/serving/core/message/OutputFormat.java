package dev.serving.core.message;

import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.trace.TraceCarrier;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * How an {@link Output} is written: as Jackson would, but by hand and without what says nothing.
 * There is one for every token of every client, and by reflection it takes three times as long.
 */
final class OutputFormat {
  private OutputFormat() {}

  static final class Writer extends ValueSerializer<Output> {
    @Override
    public void serialize(Output output, JsonGenerator out, SerializationContext context) {
      out.writeStartObject();
      fields(output, out, context);
      out.writeEndObject();
    }

    @Override
    public void serializeWithType(
        Output output, JsonGenerator out, SerializationContext context, TypeSerializer type) {
      WritableTypeId id = type.typeId(output, JsonToken.START_OBJECT);
      type.writeTypePrefix(out, context, id);
      fields(output, out, context);
      type.writeTypeSuffix(out, context, id);
    }

    private static void fields(Output output, JsonGenerator out, SerializationContext context) {
      out.writeStringProperty("rid", output.rid());
      out.writeName("tokens");
      out.writeStartArray();
      for (int token : output.tokens()) {
        out.writeNumber(token);
      }
      out.writeEndArray();
      out.writeNumberProperty("cachedTokens", output.cachedTokens());
      out.writeNumberProperty("sentNs", output.sentNs());
      rare("logprobs", output.logprobs(), output.logprobs().isEmpty(), out, context);
      rare(
          "promptLogprobs",
          output.promptLogprobs(),
          output.promptLogprobs().isEmpty(),
          out,
          context);
      rare("finish", output.finish(), output.finish() == null, out, context);
      rare("error", output.error(), output.error() == null, out, context);
      rare("carrier", output.carrier(), output.carrier().isNone(), out, context);
    }

    private static void rare(
        String name, Object value, boolean none, JsonGenerator out, SerializationContext context) {
      if (!none) {
        out.writeName(name);
        context.writeValue(out, value);
      }
    }
  }

  static final class Reader extends ValueDeserializer<Output> {
    @Override
    public Output deserialize(JsonParser in, DeserializationContext context) {
      Draft draft = new Draft();
      JsonToken at =
          in.currentToken() == JsonToken.START_OBJECT ? in.nextToken() : in.currentToken();
      for (; at == JsonToken.PROPERTY_NAME; at = in.nextToken()) {
        String name = in.currentName();
        in.nextToken();
        draft.read(name, in, context);
      }
      if (at != JsonToken.END_OBJECT) {
        context.handleUnexpectedToken(Output.class, in);
      }
      return draft.output();
    }
  }

  /** What has been read of one. */
  private static final class Draft {
    private String rid;
    private List<Integer> tokens;
    private List<TokenLogprobs> logprobs = List.of();
    private int cachedTokens;
    private FinishReason finish;
    private String error;
    private TraceCarrier carrier = TraceCarrier.none();
    private List<TokenLogprobs> promptLogprobs = List.of();
    private long sentNs;

    void read(String name, JsonParser in, DeserializationContext context) {
      switch (name) {
        case "rid" -> rid = text(in);
        case "tokens" -> tokens = numbers(in, context);
        case "cachedTokens" -> cachedTokens = in.getIntValue();
        case "sentNs" -> sentNs = in.getLongValue();
        case "logprobs" -> logprobs = chances(in, context);
        case "promptLogprobs" -> promptLogprobs = chances(in, context);
        case "finish" -> finish = context.readValue(in, FinishReason.class);
        case "error" -> error = text(in);
        case "carrier" -> carrier = context.readValue(in, TraceCarrier.class);
        default -> context.handleUnknownProperty(in, null, Output.class, name);
      }
    }

    private static String text(JsonParser in) {
      return in.hasToken(JsonToken.VALUE_NULL) ? null : in.getString();
    }

    private static List<Integer> numbers(JsonParser in, DeserializationContext context) {
      if (!in.isExpectedStartArrayToken()) {
        context.handleUnexpectedToken(int[].class, in);
      }
      List<Integer> numbers = new ArrayList<>(1);
      while (in.nextToken() != JsonToken.END_ARRAY) {
        numbers.add(in.getIntValue());
      }
      return numbers;
    }

    private static List<TokenLogprobs> chances(JsonParser in, DeserializationContext context) {
      return List.of(context.readValue(in, TokenLogprobs[].class));
    }

    Output output() {
      return new Output(
          rid, tokens, logprobs, cachedTokens, finish, error, carrier, promptLogprobs, sentNs);
    }
  }
}
