/** Runs every benchmark that a document quotes, and writes down what it printed. */
package dev.serving.bench.figures;
