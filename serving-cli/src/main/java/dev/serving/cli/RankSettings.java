package dev.serving.cli;

import dev.serving.core.config.WorkerConfig;
import dev.serving.core.worker.RankPlace;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a rank's process is told.
 *
 * @param dpRank the data-parallel rank of its engine
 * @param place where it belongs; holds a secret
 * @param worker what it runs
 * @param trace the tracing options as typed
 * @param journal where it notes what its parent must tell if it is killed; null when not tracing
 * @param run where the server's processes keep their files; null when there is no such place
 */
record RankSettings(
    int dpRank,
    RankPlace place,
    WorkerConfig worker,
    Map<String, String> trace,
    Path journal,
    Path run)
    implements ChildSettings {}
