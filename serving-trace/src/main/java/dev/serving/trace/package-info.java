/**
 * Three-level request traces for inference servers.
 *
 * <p>A request has a root span; each thread that works for it has a lane, a span under the root;
 * and on its lane it does slices of work, which nest. An outermost slice links to the one before
 * it, also if that was on another thread, process or node: a {@link dev.serving.trace.TraceCarrier}
 * travels with the request and says which that was.
 *
 * <p>{@link dev.serving.trace.Tracing} is where to begin, or {@link
 * dev.serving.trace.TraceFunctions} for the functions of FastDeploy and SGLang. For all of the
 * package:
 *
 * <ul>
 *   <li><b>Errors.</b> A bad configuration is refused when tracing starts. After that no call
 *       throws: what makes no sense is ignored, counted by kind and logged once in a while ({@link
 *       dev.serving.trace.TraceFault}).
 *   <li><b>Threads.</b> {@code Tracing}, {@code TraceReqContext} and {@code TraceCarrier} may be
 *       used by any thread; a lane and its slices by the thread that opened it.
 *   <li><b>Times</b> are nanoseconds since the epoch, 0 for now. Take them from {@link
 *       dev.serving.trace.Tracing#now}: one clock per request, which never runs backwards.
 *   <li><b>Trees.</b> A child lies inside its parent: an open parent grows to hold it. What is cut
 *       short has the attribute {@code truncated}, and the root says why.
 *   <li><b>Off</b>, every call returns at once and reads no clock; a request is one small object,
 *       which keeps its id and what came in, and lanes and slices are none.
 *   <li><b>Spans</b> finish into a bounded queue and are accounted for one by one ({@link
 *       dev.serving.trace.TracingMetrics#balance}); the threads that make them are never blocked.
 * </ul>
 *
 * <p>Beside it are two rooms: {@code config}, the parts of a {@link
 * dev.serving.trace.TracingConfig}, and {@code export}, the way of finished spans out of the
 * process, which nobody calls. Neither knows this package.
 */
@NullMarked
package dev.serving.trace;

import org.jspecify.annotations.NullMarked;
