/**
 * The arithmetic: packed matrices, the kernels that multiply them, and the threads that share the
 * work.
 *
 * <p>One rule holds in every kernel here: an output element is one chain of fused multiply-adds
 * over {@code k} in rising order, starting at zero. So a row's result is the same, bit for bit, in
 * every batch, tile and thread, on every vector width and in the scalar fallback. No kernel may
 * split that chain, reduce across lanes, or use an operation whose order the platform leaves open.
 */
package dev.serving.core.model.kernel;
