package dev.serving.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a child process needs to know: one line of JSON on its standard input, since it holds
 * secrets that a command line would show to every local user.
 */
sealed interface ChildSettings permits EngineSettings, RankSettings {
  /** The tracing options as typed. */
  Map<String, String> trace();

  /** Where it notes what others must tell if it is killed; null when nothing is traced. */
  Path journal();

  /** Where the server's processes keep their files; null when there is no such place. */
  Path run();

  /** Writes the line; the stream stays open. */
  default void writeTo(OutputStream out) throws IOException {
    out.write(JsonMapper.shared().writeValueAsBytes(this));
    out.write('\n');
    out.flush();
  }

  /**
   * Reads the line; the stream stays open for {@link ParentWatch}.
   *
   * @throws StartException when the parent is gone before it has said anything
   */
  static <T extends ChildSettings> T read(InputStream in, Class<T> type) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new StartException("this command is started by 'serving serve', not by hand");
      }
      line.write(b);
    }
    return JsonMapper.shared().readValue(line.toByteArray(), type);
  }
}
