/**
 * The scheduler of an engine: which sequences run in the next step, and who has which KV blocks.
 *
 * <p>A request's way through it:
 *
 * <ol>
 *   <li>{@code EngineLoop} hears a {@code Generate} from the frontend, also while a step is under
 *       way, and gives it to {@code Scheduler.add}: refused if it can never fit, busy if the queue
 *       is full, else it waits as a {@code Sequence}.
 *   <li>{@code Scheduler.next} makes a {@code Batch}: one row of every sequence that decodes, then
 *       chunks of prompts, then newcomers, as far as budget, sequences and blocks go. {@code
 *       BlockManager} gives a newcomer blocks for its whole prompt, shared ones where another
 *       prompt began alike.
 *   <li>{@code WorkerGroup.run} hands the batch to all ranks and waits for all. A newcomer's chunk
 *       carries what a rank must know of it, its trace context too.
 *   <li>{@code Scheduler.complete} takes rank 0's tokens in: each goes to the frontend at once. At
 *       a stop token, at the length asked for, or where no more fits, the sequence ends: one last
 *       output, a release to the ranks, its blocks to the cache.
 *   <li>When blocks run out in between, the newest sequence loses its own ({@code Preemptor}),
 *       waits again in its old place, and is prefilled again with all that it has said. One whose
 *       client does not read is set aside ({@code Pausing}).
 * </ol>
 *
 * <p>{@code Scheduler} decides; where each sequence is, {@code OpenSequences} holds; what the ranks
 * did, {@code StepResults} takes in; whatever ends a sequence, {@code SequenceEnding} gives back
 * what it holds.
 *
 * <p>The engine's side of its ranks is here too: {@code WorkerGroup} and, for those in processes of
 * their own, {@code Rank}, started by a {@code RankLauncher}.
 *
 * <p>Knows no spans. It tells an {@link dev.serving.core.engine.EngineListener} what happens.
 */
package dev.serving.core.engine;
