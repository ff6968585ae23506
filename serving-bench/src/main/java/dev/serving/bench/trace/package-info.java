/** What tracing costs, and what its export carries. */
package dev.serving.bench.trace;
