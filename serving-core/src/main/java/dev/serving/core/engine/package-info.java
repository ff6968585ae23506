/**
 * The scheduler of an engine: which sequences run in the next step, and who has which KV blocks.
 *
 * <p>Knows no spans. It tells an {@link dev.serving.core.engine.EngineListener} what happens.
 */
package dev.serving.core.engine;
