/**
 * A tensor-parallel rank: runs the steps that its engine sends on its share of the model.
 *
 * <p>Knows no spans. It tells a {@link dev.serving.core.worker.RankListener} what happens.
 */
package dev.serving.core.worker;
