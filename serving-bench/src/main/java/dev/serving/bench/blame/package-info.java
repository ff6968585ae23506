/** Benchmarks of why requests were slow: what it costs to know, and whether it is true. */
package dev.serving.bench.blame;
