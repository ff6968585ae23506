/**
 * What crosses between workers: sealed records as CBOR over ZeroMQ.
 *
 * <p>Knows neither frontend nor engine nor worker. Every hand-over between workers goes through a
 * {@link dev.serving.core.message.Link}, also inside one process, so there is one code path.
 */
package dev.serving.core.message;
