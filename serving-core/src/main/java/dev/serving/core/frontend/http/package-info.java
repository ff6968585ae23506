/**
 * HTTP/1.1 on Netty: connections, limits, routes, whole and streamed answers.
 *
 * <p>Knows no model, engine or trace. One event loop owns a connection; an {@link
 * dev.serving.core.frontend.http.Exchange} may be answered from any thread.
 */
package dev.serving.core.frontend.http;
