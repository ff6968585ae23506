/**
 * The frontend: takes requests over HTTP, makes tokens of prompts, sends them to an engine, makes
 * text of the tokens that come back.
 *
 * <p>Two workers with threads of their own ({@code preprocess}, {@code postprocess}), the event
 * loops of {@code frontend.http}, and the thread {@code link} of {@code frontend.engines} that owns
 * the sockets to the engines. What clients say and hear is in {@code frontend.api}.
 *
 * <p>Read {@code Frontend} (what it is made of), {@code GenerateHandler} and {@code Preprocess}
 * (from a body to a submission), {@code Generation} and {@code Answer} (from outputs to the
 * client), then {@code RequestTrace}: the one class that turns what happens to a request into
 * spans.
 *
 * <p>Knows no engine from within, nor a worker: what it says to them and hears is messages.
 */
package dev.serving.core.frontend;
