package dev.serving.core.frontend;

import dev.serving.core.frontend.BlameReport.Who;
import dev.serving.core.frontend.BlameReport.Worst;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;

/** What a request's root and its links say of why it took as long as it did. */
final class BlameAttributes {
  private BlameAttributes() {}

  static Attributes of(BlameReport report) {
    AttributesBuilder all = Attributes.builder();
    report.total().causes().forEach((cause, ns) -> all.put("blame." + cause + "_ns", ns));
    all.put("blame.top", report.total().top())
        .put("blame.method", report.method())
        .put("blame.fit", report.fit())
        .put("blame.alone_ns", report.aloneNs())
        .put("cost.engine_ns", report.costEngineNs());
    if (report.firstToken() != null) {
      all.put("first_token.ns", report.firstToken().ns())
          .put("first_token.alone_ns", report.firstTokenAloneNs())
          .put("first_token.cause", report.firstToken().top());
    }
    if (report.worstToken() != null) {
      worst(report.worstToken(), all);
    }
    return all.build();
  }

  private static void worst(Worst worst, AttributesBuilder all) {
    all.put("worst_token.index", worst.index())
        .put("worst_token.ns", worst.part().ns())
        .put("worst_token.cause", worst.part().top())
        .put("worst_token.step", worst.step());
  }

  /** Of the link to a culprit's trace. */
  static Attributes of(Who culprit) {
    return Attributes.builder()
        .put("link.kind", "blame")
        .put("blame.cause", culprit.cause())
        .put("blame.ns", culprit.ns())
        .put("rows", culprit.amount())
        .build();
  }
}
