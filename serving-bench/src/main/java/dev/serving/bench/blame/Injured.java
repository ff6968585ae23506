package dev.serving.bench.blame;

import java.util.Set;

/**
 * A request that was held up on purpose.
 *
 * @param id the request's
 * @param culprits who was made to hold it up: ids of requests, or {@code rank 1}; none where it was
 *     nobody else
 */
record Injured(String id, Set<String> culprits) {}
