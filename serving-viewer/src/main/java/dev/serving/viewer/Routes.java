package dev.serving.viewer;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which endpoint answers which method and path. A {@code {name}} part takes any one segment. */
final class Routes implements Endpoint {
  private record Route(String method, List<String> pattern, Endpoint endpoint) {}

  private final List<Route> routes = new ArrayList<>();

  Routes get(String pattern, Endpoint endpoint) {
    return add("GET", pattern, endpoint);
  }

  Routes put(String pattern, Endpoint endpoint) {
    return add("PUT", pattern, endpoint);
  }

  Routes delete(String pattern, Endpoint endpoint) {
    return add("DELETE", pattern, endpoint);
  }

  Routes post(String pattern, Endpoint endpoint) {
    return add("POST", pattern, endpoint);
  }

  @Override
  public Answer answer(HttpCall call) {
    List<String> path = segments(call.rawPath());
    Optional<Answer> wrongMethod = Optional.empty();
    for (Route route : routes) {
      Optional<Map<String, String>> variables = match(route.pattern(), path);
      if (variables.isPresent()) {
        if (route.method().equals(methodOf(call))) {
          return route.endpoint().answer(call.withVariables(variables.get()));
        }
        wrongMethod = Optional.of(wrongMethod(call, route));
      }
    }
    return wrongMethod.orElseGet(() -> Answer.error(404, "nothing is at " + call.rawPath()));
  }

  private Routes add(String method, String pattern, Endpoint endpoint) {
    routes.add(new Route(method, segments(pattern), endpoint));
    return this;
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }

  private static String methodOf(HttpCall call) {
    return call.method().equals("HEAD") ? "GET" : call.method();
  }

  private static Answer wrongMethod(HttpCall call, Route route) {
    return Answer.error(405, call.rawPath() + " takes " + route.method())
        .with("Allow", route.method());
  }

  private static Optional<Map<String, String>> match(List<String> pattern, List<String> path) {
    if (pattern.size() != path.size()) {
      return Optional.empty();
    }
    Map<String, String> variables = new HashMap<>();
    for (int i = 0; i < pattern.size(); i++) {
      String part = pattern.get(i);
      if (part.startsWith("{")) {
        variables.put(
            part.substring(1, part.length() - 1), QueryStringDecoder.decodeComponent(path.get(i)));
      } else if (!part.equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(variables);
  }
}
