package dev.serving.core.frontend.http;

import dev.serving.core.config.ApiKeys;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the handler of a request, after checking its key and content type. Any thread. */
public final class Router {
  private static final String BEARER = "bearer ";

  private final ApiKeys keys;
  private final HostCheck hosts;
  private final List<Route> routes;
  private final AnswerListener listener;

  /**
   * Routes requests.
   *
   * @param keys the keys of which requests need one
   * @param listen where the server listens: who may call it without a key
   * @param routes where they go
   * @param listener hears what each was answered
   */
  public Router(ApiKeys keys, ListenConfig listen, List<Route> routes, AnswerListener listener) {
    this.keys = keys;
    this.hosts = new HostCheck(listen);
    this.routes = List.copyOf(routes);
    this.listener = listener;
  }

  void handle(Exchange exchange) {
    tell(exchange);
    RequestHead head = exchange.head();
    Optional<Route> route = find(head);
    if (route.isEmpty()) {
      refuseUnknown(exchange, unknown(head));
      return;
    }
    Optional<ApiError> refusal = refusal(head, route.get());
    if (refusal.isPresent()) {
      route.get().handler().refuse(exchange, refusal.get());
    } else {
      if (keys.required() && !route.get().open()) {
        exchange.client("key " + keys.number(key(head)));
      }
      call(route.get().handler(), exchange);
    }
  }

  /** Answers a request that did not arrive whole. */
  void refuse(Exchange exchange, ApiError error) {
    tell(exchange);
    find(exchange.head())
        .ifPresentOrElse(
            route -> route.handler().refuse(exchange, error), () -> refuseUnknown(exchange, error));
  }

  private void refuseUnknown(Exchange exchange, ApiError error) {
    if (error.status() == 405) {
      exchange.header("allow", allowed(exchange.head()));
    }
    exchange.answer(error);
  }

  private void tell(Exchange exchange) {
    String asked = exchange.head().route();
    String path =
        routes.stream().filter(r -> r.matches(asked)).map(Route::path).findFirst().orElse("");
    exchange
        .ending()
        .thenAccept(e -> listener.answered(exchange.head().method(), path, exchange.status()));
  }

  private Optional<Route> find(RequestHead head) {
    String path = head.route();
    return routes.stream().filter(r -> r.matches(path) && r.takes(head.method())).findFirst();
  }

  private ApiError unknown(RequestHead head) {
    String allowed = allowed(head);
    return allowed.isEmpty()
        ? ApiError.unknownPath(head.method(), head.path())
        : ApiError.wrongMethod(head.method(), head.path(), allowed);
  }

  private String allowed(RequestHead head) {
    String path = head.route();
    return routes.stream()
        .filter(r -> r.matches(path))
        .map(r -> r.method().equals("GET") ? "GET, HEAD" : r.method())
        .collect(Collectors.joining(", "));
  }

  /** Why a request will be refused that is not whole yet; empty when that cannot be known. */
  Optional<ApiError> refusal(RequestHead head, Places.Place place) {
    Optional<Route> route = find(head);
    if (place == Places.Place.RESERVED && !route.map(Route::open).orElse(false)) {
      return Optional.of(ApiError.crowded());
    }
    return route.isEmpty() ? Optional.of(unknown(head)) : refusal(head, route.get());
  }

  private Optional<ApiError> refusal(RequestHead head, Route route) {
    if (!keys.required()) {
      Optional<ApiError> stranger = hosts.refusal(head);
      if (stranger.isPresent()) {
        return stranger;
      }
    }
    if (keys.required() && !route.open() && !keys.accepts(key(head))) {
      return Optional.of(ApiError.unauthorized());
    }
    return route.method().equals("GET") ? Optional.empty() : MediaType.refusal(head);
  }

  private static String key(RequestHead head) {
    String value = head.header("authorization").orElse("");
    return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? value.substring(BEARER.length()).strip()
        : "";
  }

  private static void call(Handler handler, Exchange exchange) {
    try {
      handler.handle(exchange);
    } catch (ApiException e) {
      exchange.answer(e.error());
    } catch (RuntimeException e) {
      System.getLogger(Router.class.getName())
          .log(System.Logger.Level.ERROR, "cannot answer " + exchange.head().path(), e);
      exchange.answer(ApiError.internal("The server failed; its log says why."));
    }
  }

  /**
   * A method, a path, and who answers it.
   *
   * @param method such as {@code GET}
   * @param path the path; one that ends in {@code /} stands for all below it
   * @param open whether it needs no key
   * @param handler who answers
   */
  public record Route(String method, String path, boolean open, Handler handler) {
    /** A route that needs a key where keys are asked for. */
    public static Route of(String method, String path, Handler handler) {
      return new Route(method, path, false, handler);
    }

    /** A route that never needs a key. */
    public static Route open(String method, String path, Handler handler) {
      return new Route(method, path, true, handler);
    }

    /** HEAD is a GET whose body the HTTP codec leaves out. */
    boolean takes(String asked) {
      return asked.equals(method) || (asked.equals("HEAD") && method.equals("GET"));
    }

    /** The methods that it takes. */
    public Stream<String> methods() {
      return method.equals("GET") ? Stream.of(method, "HEAD") : Stream.of(method);
    }

    boolean matches(String asked) {
      return path.endsWith("/")
          ? asked.startsWith(path) && asked.length() > path.length()
          : asked.equals(path);
    }
  }
}
