/**
 * The transformer: checkpoints in Hugging Face's layout, the paged cache, and the forward pass.
 * Knows no scheduler, no request and no tracing.
 */
package dev.serving.core.model;
