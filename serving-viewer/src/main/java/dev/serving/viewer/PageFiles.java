package dev.serving.viewer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** The page's files, from the jar. Only those in the table exist, whatever path is asked for. */
final class PageFiles {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String INDEX = "index.html";
  private static final Map<String, String> TYPES =
      Map.of(
          INDEX,
          HTML,
          "viewer.css",
          "text/css; charset=utf-8",
          "icon.svg",
          "image/svg+xml",
          "main.js",
          "text/javascript; charset=utf-8",
          "list.js",
          "text/javascript; charset=utf-8",
          "trace.js",
          "text/javascript; charset=utf-8",
          "chart.js",
          "text/javascript; charset=utf-8",
          "details.js",
          "text/javascript; charset=utf-8",
          "format.js",
          "text/javascript; charset=utf-8",
          "dom.js",
          "text/javascript; charset=utf-8");

  private record PageFile(String type, ByteString bytes, String tag) {}

  private final Map<String, PageFile> files = new HashMap<>();

  PageFiles() {
    TYPES.forEach((name, type) -> files.put(name, load(name, type)));
  }

  void addTo(Routes routes) {
    Endpoint index = call -> answer(call, INDEX);
    // The page reads its address itself, so a trace can be linked to; Jaeger's links work too.
    routes.get("/", index).get("/search", index).get("/trace/{id}", index);
    routes.get("/page/{file}", call -> answer(call, call.variable("file")));
  }

  private Answer answer(HttpCall call, String name) {
    PageFile file = files.get(name);
    if (file == null) {
      return Answer.error(404, "the page has no file of this name");
    }
    return Answer.of(200, file.type(), file.bytes()).unlessKnown(file.tag(), call);
  }

  private static PageFile load(String name, String type) {
    try (InputStream in = PageFiles.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the page's file " + name + " is missing from the jar");
      }
      byte[] bytes = in.readAllBytes();
      CRC32 sum = new CRC32();
      sum.update(bytes);
      return new PageFile(
          type, UnsafeByteOperations.unsafeWrap(bytes), Long.toHexString(sum.getValue()));
    } catch (IOException e) {
      throw new UncheckedIOException("the page's file " + name + " cannot be read", e);
    }
  }
}
