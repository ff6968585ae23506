/**
 * A tensor-parallel rank: runs the steps that its engine sends on its share of the model.
 *
 * <ol>
 *   <li>{@code Worker} hears steps and answers them; {@code WarmUp} comes before the first.
 *   <li>{@code ModelRunner} makes {@code Rows} of a step's chunks, runs the model over them and has
 *       {@code Sampler} choose a token of each sequence that is due one ({@code RankSequence}).
 *   <li>{@code SharedMemoryCollective} adds up what the ranks have computed; {@code PeerWatch} sees
 *       that none of them is gone.
 *   <li>{@code RankTrace} makes slices of what it hears.
 * </ol>
 *
 * <p>Knows no engine but by its messages, and no spans. It tells a {@link
 * dev.serving.core.worker.RankListener} what happens.
 */
package dev.serving.core.worker;
