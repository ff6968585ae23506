package dev.serving.trace;

/**
 * The ids of a request's root span, as backends show them.
 *
 * @param traceId 32 lower-case hex digits
 * @param spanId 16 lower-case hex digits
 */
public record TraceInfo(String traceId, String spanId) {}
