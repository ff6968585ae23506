/** What tracing costs a whole server, by requests over HTTP. */
package dev.serving.bench.server;
