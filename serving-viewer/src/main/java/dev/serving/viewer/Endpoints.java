package dev.serving.viewer;

import dev.serving.viewer.store.TraceStore;

/** Everything that can be asked, in one list. */
final class Endpoints {
  private Endpoints() {}

  static Endpoint of(OtlpReceiver receiver, Intake intake, BodyBudget budget, TraceStore store) {
    Routes routes = new Routes();
    routes.post(OtlpReceiver.PATH, receiver);
    new ViewerApi(store, intake, budget).addTo(routes);
    new PinApi(store).addTo(routes);
    new InsightApi(store).addTo(routes);
    new JaegerV1(store).addTo(routes);
    new JaegerV3(store).addTo(routes);
    new PageFiles().addTo(routes);
    return routes;
  }
}
