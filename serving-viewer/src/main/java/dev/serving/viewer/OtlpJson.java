package dev.serving.viewer;

import com.google.protobuf.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * OTLP's JSON, which is protobuf's JSON with hexadecimal ids: 64-bit numbers may be strings, enums
 * are numbers, unknown fields are skipped. Becomes the protobuf that it stands for.
 */
final class OtlpJson {
  private static final JsonMessage VALUE = new JsonMessage();
  private static final JsonMessage ATTRIBUTE =
      new JsonMessage().text("key", 1).message("value", 2, VALUE);

  static {
    VALUE
        .text("stringValue", 1)
        .truth("boolValue", 2)
        .whole("intValue", 3)
        .real("doubleValue", 4)
        .message("arrayValue", 5, new JsonMessage().list("values", 1, VALUE))
        .message("kvlistValue", 6, new JsonMessage().list("values", 1, ATTRIBUTE))
        .base64("bytesValue", 7);
  }

  private static final JsonMessage EVENT =
      new JsonMessage()
          .fixed64("timeUnixNano", 1)
          .text("name", 2)
          .list("attributes", 3, ATTRIBUTE)
          .whole("droppedAttributesCount", 4);
  private static final JsonMessage LINK =
      new JsonMessage()
          .hex("traceId", 1)
          .hex("spanId", 2)
          .text("traceState", 3)
          .list("attributes", 4, ATTRIBUTE)
          .whole("droppedAttributesCount", 5)
          .fixed32("flags", 6);
  private static final JsonMessage SPAN =
      new JsonMessage()
          .hex("traceId", 1)
          .hex("spanId", 2)
          .text("traceState", 3)
          .hex("parentSpanId", 4)
          .text("name", 5)
          .whole("kind", 6)
          .fixed64("startTimeUnixNano", 7)
          .fixed64("endTimeUnixNano", 8)
          .list("attributes", 9, ATTRIBUTE)
          .whole("droppedAttributesCount", 10)
          .list("events", 11, EVENT)
          .whole("droppedEventsCount", 12)
          .list("links", 13, LINK)
          .whole("droppedLinksCount", 14)
          .message("status", 15, new JsonMessage().text("message", 2).whole("code", 3))
          .fixed32("flags", 16);
  private static final JsonMessage SCOPE =
      new JsonMessage().text("name", 1).text("version", 2).list("attributes", 3, ATTRIBUTE);
  private static final JsonMessage REQUEST =
      new JsonMessage()
          .list(
              "resourceSpans",
              1,
              new JsonMessage()
                  .message("resource", 1, new JsonMessage().list("attributes", 1, ATTRIBUTE))
                  .list(
                      "scopeSpans",
                      2,
                      new JsonMessage().message("scope", 1, SCOPE).list("spans", 2, SPAN)));

  private OtlpJson() {}

  /** The same request in protobuf. */
  static byte[] toProtobuf(ByteString body, int maxBytes)
      throws MalformedExportException, GzipBody.TooLargeException {
    try (JsonParser in = Json.parser(body)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("it must be a JSON object");
      }
      ProtoWriter out = new ProtoWriter(maxBytes);
      REQUEST.read(in, out, 0);
      return out.toBytes();
    } catch (JacksonException e) {
      throw new MalformedExportException("the body is no JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new MalformedExportException(
          "the body is no ExportTraceServiceRequest: " + e.getMessage(), e);
    } catch (ProtoWriter.TooLargeException e) {
      throw new GzipBody.TooLargeException();
    }
  }
}
