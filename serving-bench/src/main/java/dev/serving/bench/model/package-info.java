/** The speed of the model: decode, prefill, loading, beside the memory's and llama.cpp's. */
package dev.serving.bench.model;
