/**
 * Keeps a server busy and in trouble for a long time, and looks at what is left afterwards.
 *
 * <pre>
 * Soak ─► SoakServer      a server of its own, with all its processes
 *      ─► SoakBackend     where its spans go, and which is restarted
 *      ─► load            good clients and such that leave; BadRequests: those that ask wrongly
 *      ─► Trouble         what happens meanwhile, in turn
 *      ─► Footprint       what the processes hold, before and after
 *      ─► Balance, Watch  whether each process accounts for its spans, every second
 *      ─► Endings         each request's end, by its id, from the server's log
 *      ─► SoakReport      checks of all that
 * </pre>
 */
package dev.serving.cli.soak;
