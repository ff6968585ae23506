package dev.serving.core.frontend.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Counts what HTTP requests were answered, whatever they asked for. Any thread. */
public final class HttpCounts {
  /** The route of what is not served. */
  public static final String NO_ROUTE = "";

  private static final String OTHER_METHOD = "_OTHER";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final List<Integer> OF_READING = List.of(200, 401, 403, 405, 421, 500, 503);
  private static final List<Integer> OF_WRITING =
      List.of(0, 200, 400, 401, 403, 404, 405, 408, 413, 415, 417, 421, 422, 429, 500, 503, 504);
  private static final List<Integer> OF_NOTHING = List.of(400, 403, 404, 408, 414, 421, 431);

  private final Counter requests;

  /** Without a series yet. */
  public HttpCounts(Metrics metrics) {
    requests =
        Counter.builder()
            .name("serving_http_requests")
            .help("HTTP requests answered, by method, route ('' is none of ours) and status.")
            .labelNames("method", "route", "code")
            .withoutExemplars()
            .register(metrics.registry());
    METHODS.forEach(method -> appear(method, NO_ROUTE, OF_NOTHING));
    appear(OTHER_METHOD, NO_ROUTE, OF_NOTHING);
  }

  /** A route is served: what it may be answered is there, at 0, from now on. */
  public void serves(Collection<String> methods, String route) {
    for (String method : METHODS) {
      boolean reads = method.equals("GET") || method.equals("HEAD");
      List<Integer> answers = reads ? OF_READING : OF_WRITING;
      appear(method, route, methods.contains(method) ? answers : List.of(405));
    }
  }

  private void appear(String method, String route, List<Integer> codes) {
    codes.forEach(code -> requests.initLabelValues(method, route, Integer.toString(code)));
  }

  /**
   * A request was answered.
   *
   * @param method as sent
   * @param route the path it was served under, or {@link #NO_ROUTE}
   * @param status of the answer, 0 when the client was gone before there was one
   */
  public void answered(String method, String route, int status) {
    String known = METHODS.contains(method) ? method : OTHER_METHOD;
    requests.labelValues(known, route, Integer.toString(status)).inc();
  }
}
