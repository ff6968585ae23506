/** Three-level request traces for inference servers: request root, thread (lane), slice. */
package dev.serving.trace;
