/**
 * The frontend: takes requests over HTTP, makes tokens of prompts, sends them to an engine, makes
 * text of the tokens that come back.
 *
 * <p>Two workers with threads of their own ({@code preprocess}, {@code postprocess}), the event
 * loops of {@code frontend.http}, and the thread {@code link} that owns the sockets to the engines.
 * One class, {@code RequestTrace}, turns what happens to a request into spans.
 */
package dev.serving.core.frontend;
