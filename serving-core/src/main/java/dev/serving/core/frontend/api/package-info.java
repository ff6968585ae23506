/**
 * The OpenAI API as data: what a request asks for, what an answer looks like, what an error says.
 *
 * <p>Knows no socket, thread, engine or trace. Parsing turns bytes into validated records or throws
 * {@link dev.serving.core.frontend.api.ApiException}; nothing behind it sees JSON that a client
 * sent.
 */
package dev.serving.core.frontend.api;
