/**
 * What has been received, bounded, and the questions that can be put to it. Read {@link
 * dev.serving.viewer.store.TraceStore} first, then what it hands out.
 *
 * <pre>
 * TraceStore     takes spans, evicts whole traces, answers
 *   Export, SpanScan, ProtoCursor    walk what came: spans, their terms
 *   Block, SpanGroup, KeptResource   where spans lie; SpanDecoder reads them
 *   HeldTrace, SpanIds               a trace that may still grow
 *   Terms, TermSet                   what is found where
 *   BlockFiles                       blocks on the disk
 * Search         one look into the blocks; SearchTerms and RawText say where not to look
 * StoredTrace    what is handed out, immutable: StoredSpan with SpanEvent, SpanLink, SpanStatus,
 *                SpanKind, SpanScope, SpanResource, each as OTLP has it
 * TraceQuery     which traces; SpanQuery, AttributeFilter: which spans; SpanTags: as Jaeger shows
 * TraceSummary   a trace's line in a list; Operations, StoreCounts: other answers
 * HexId          ids between bytes and text
 * </pre>
 *
 * Knows OTLP's protobuf, in which spans come and lie, but neither HTTP nor gRPC nor JSON, nor of
 * how they are shown.
 */
package dev.serving.viewer.store;
