/**
 * For the tests of those who trace: {@link dev.serving.trace.testing.TraceRecorder} shows the spans
 * that a test made, {@link dev.serving.trace.testing.OtlpTestReceiver} hears an exporter, and
 * {@link dev.serving.trace.testing.TraceTree} checks that a trace is whole.
 */
@NullMarked
package dev.serving.trace.testing;

import org.jspecify.annotations.NullMarked;
