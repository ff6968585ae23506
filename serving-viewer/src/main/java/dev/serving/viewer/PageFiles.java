package dev.serving.viewer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** The page's files, from the jar. Only those in the table exist, whatever path is asked for. */
final class PageFiles {
  private static final String INDEX = "index.html";
  private static final List<String> NAMES =
      List.of(
          INDEX,
          "viewer.css",
          "list.css",
          "trace.css",
          "narrow.css",
          "causes.css",
          "icon.svg",
          "main.js",
          "list.js",
          "filters.js",
          "scatter.js",
          "table.js",
          "waits.js",
          "path.js",
          "find.js",
          "copy.js",
          "tokens.js",
          "stages.js",
          "compare.js",
          "stats.js",
          "trace.js",
          "blame.js",
          "causes.js",
          "content.js",
          "pin.js",
          "picks.js",
          "tail.js",
          "chart.js",
          "model.js",
          "keys.js",
          "pointer.js",
          "arrows.js",
          "details.js",
          "format.js",
          "dom.js");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "js", "text/javascript; charset=utf-8");

  private record PageFile(String type, ByteString bytes, String tag) {}

  private final Map<String, PageFile> files = new HashMap<>();

  PageFiles() {
    NAMES.forEach(name -> files.put(name, load(name)));
  }

  void addTo(Routes routes) {
    Endpoint index = call -> answer(call, INDEX);
    // The page reads its address itself, so a trace can be linked to; Jaeger's links work too.
    routes
        .get("/", index)
        .get("/search", index)
        .get("/compare", index)
        .get("/stats", index)
        .get("/trace/{id}", index);
    routes.get("/page/{file}", call -> answer(call, call.variable("file")));
  }

  private Answer answer(HttpCall call, String name) {
    PageFile file = files.get(name);
    if (file == null) {
      return Answer.error(404, "the page has no file of this name");
    }
    return Answer.of(200, file.type(), file.bytes()).unlessKnown(file.tag(), call);
  }

  private static PageFile load(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the page's file " + name + " is missing from the jar");
      }
      byte[] bytes = in.readAllBytes();
      CRC32 sum = new CRC32();
      sum.update(bytes);
      String type = TYPES.get(name.substring(name.indexOf('.') + 1));
      return new PageFile(
          type, UnsafeByteOperations.unsafeWrap(bytes), Long.toHexString(sum.getValue()));
    } catch (IOException e) {
      throw new UncheckedIOException("the page's file " + name + " cannot be read", e);
    }
  }
}
