/**
 * Receives, keeps and shows traces: an OTLP receiver, a bounded store in memory, a query API that
 * also answers as Jaeger does, and a page that draws a trace in lanes.
 *
 * <pre>
 * bytes ──► OtlpReceiver | GrpcReceiver ──► TraceStore ──► ViewerApi | JaegerV1 | JaegerV3 ──► page
 *           knows HTTP and OTLP             knows spans    parse, ask the store, encode
 * </pre>
 *
 * Rooms: {@code store} keeps and is asked, {@code chart} lays out and draws, {@code blame} judges;
 * they know nothing of this one. Here, in the order in which a request meets them:
 *
 * <pre>
 * Viewer, ViewerConfig             starts and ends it
 * Connections                      each connection's steps: ProtocolChoice, then
 *   Guarded, RequestReader, Responder      HTTP/1: Refusal, HttpCall → Routes → Endpoint → Answer
 *   GrpcCall, GrpcReceiver, GrpcMessage    HTTP/2: GrpcReply
 * Door, Bearer                     who may come in; ErrorWatch: what ends the process
 * OtlpReceiver, OtlpFormat         what an export is; BodyBudget, GzipBody bound it
 * Intake                           into the store, counted; OtlpJson: JSON becomes protobuf
 * StoreKeeper                      the store's disk and age
 * ViewerApi, InsightApi, ChartJson what the page asks
 * JaegerV1, JaegerV3               what Jaeger's page and Grafana ask; Params, TraceIds
 * PageFiles                        the page itself
 * </pre>
 *
 * Start it with {@link dev.serving.viewer.Viewer#start}; draw a trace in a terminal with {@link
 * dev.serving.viewer.chart.LaneText}. The module hears OTLP from whatever server; what it has in
 * common with ours is how a request's time is cut into causes ({@code serving-blame}). It never
 * traces itself.
 */
package dev.serving.viewer;
