/** Benchmarks and the load driver. */
package dev.serving.bench;
