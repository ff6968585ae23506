package dev.serving.cli.load;

import java.net.URI;

/** Where below a server's address, as people give it, its API lies. */
public final class BaseAddress {
  private static final String VERSION = "/v1";

  private BaseAddress() {}

  /**
   * A path of a server that may stand behind a proxy, below a path of its own. Some give the
   * address with OpenAI's {@code /v1}, as its clients take it.
   *
   * @param base the address, with or without a slash or {@code /v1} at its end
   * @param path of the API, and what follows it
   */
  public static URI at(URI base, String path) {
    String root = base.toString().replaceFirst("/+$", "");
    boolean versioned = root.endsWith(VERSION);
    return URI.create(
        (versioned ? root.substring(0, root.length() - VERSION.length()) : root)
            + (path.startsWith("/") ? path : "/" + path));
  }
}
