/**
 * Puts load on a server that speaks OpenAI's API, and says how long it took.
 *
 * <pre>
 * LoadConfig ──► Plan ──► Load ──► Exchange ──► Outcome ──► Tally ──► LoadResult ──► ReportText, ReportJson, ReportPage
 *                what      when     one request              adds up   numbers        what is read
 * </pre>
 *
 * {@link dev.serving.cli.load.Plan} alone draws lots, from a seed, so that the same settings make
 * the same requests at the same times; what the server does changes none of them. Where requests
 * begin at times of the plan, every latency counts from there, also when the request was sent
 * later: who waits in front of the door waits, too.
 */
package dev.serving.cli.load;
