/**
 * What has been received, bounded, and the questions that can be put to it. Read {@link
 * dev.serving.viewer.store.TraceStore} first, then what it hands out.
 *
 * <pre>
 * TraceStore     takes spans, evicts whole traces, answers
 *   HeldTrace      a trace that may still grow
 *   SpanWeight     what keeping a span costs
 * StoredTrace    what is handed out, immutable: StoredSpan with SpanEvent, SpanLink, SpanStatus,
 *                SpanKind, SpanScope, SpanResource, each as OTLP has it
 * TraceQuery     which traces; TextSearch looks into them
 * TraceSummary   a trace's line in a list; Operations, StoreCounts: other answers
 * HexId          ids between bytes and text
 * </pre>
 *
 * Knows nothing of how spans come (HTTP, gRPC, OTLP's envelopes) nor of how they are shown.
 */
package dev.serving.viewer.store;
