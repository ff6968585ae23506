/**
 * Why a request was slow: cuts its time into {@link dev.serving.blame.Cause}s that sum to it.
 *
 * <p>An engine notes each of its steps in a {@link dev.serving.blame.StepBuffer}; the frontend
 * keeps what it is told in a {@link dev.serving.blame.Ledger}, and when a request has ended an
 * {@link dev.serving.blame.Accountant} makes its {@link dev.serving.blame.Account}: it walks along
 * what had to happen one after the other ({@link dev.serving.blame.RequestPath}, and for the time
 * in the engine {@link dev.serving.blame.EngineWalk}) and gives each piece to one cause. What it
 * says is explained in {@code docs/why.md}.
 *
 * <p>Knows nothing of ours: no message, no span, no request but its numbers.
 *
 * <p>All times are of {@link System#nanoTime}, which counts from the same moment in all processes
 * of a host; frontend, engines and ranks are always on one. Where it did not, time would move
 * between neighbouring causes, and none be made or lost.
 */
package dev.serving.blame;
