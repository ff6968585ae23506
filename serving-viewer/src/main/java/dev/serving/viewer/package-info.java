/**
 * Receives, keeps and shows traces: an OTLP receiver, a bounded store in memory, a query API that
 * also answers as Jaeger does, and a page that draws a trace in lanes.
 *
 * <pre>
 * bytes ──► OtlpReceiver | GrpcReceiver ──► TraceStore ──► ViewerApi | JaegerV1 | JaegerV3 ──► page
 *           knows HTTP and OTLP             knows spans    parse, ask the store, encode
 * </pre>
 *
 * Start it with {@link dev.serving.viewer.Viewer#start}; draw a trace in a terminal with {@link
 * dev.serving.viewer.LaneText}. The module depends on no other module: it speaks OTLP. It never
 * traces itself.
 */
package dev.serving.viewer;
