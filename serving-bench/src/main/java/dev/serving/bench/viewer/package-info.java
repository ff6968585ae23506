/**
 * What the viewer's store costs and answers, beside the real Jaeger's memory store: {@link
 * dev.serving.bench.viewer.StoreBench}.
 */
package dev.serving.bench.viewer;
