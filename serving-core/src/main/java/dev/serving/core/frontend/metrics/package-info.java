/**
 * What operators scrape: every family, its name, labels and meaning, as {@code docs/metrics.md}
 * lists them.
 *
 * <p>Three kinds: what is recorded when it happens ({@code RequestTimes}, {@code RequestCounts},
 * {@code HttpCounts}, {@code EngineTimes}), what is read at each scrape, all of one moment ({@code
 * OneMoment} and the families it reads), and what the process and its virtual machine say of
 * themselves ({@code Metrics}).
 *
 * <p>Knows no HTTP but its status codes, no request but what it is told of one, and no span but the
 * ids of an exemplar.
 */
package dev.serving.core.frontend.metrics;
