package dev.serving.cli;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.LifecycleFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an engine process is told.
 *
 * @param dpRank its data-parallel rank
 * @param frontend the frontend's address
 * @param identity by which the frontend knows it; a secret
 * @param engine what it runs
 * @param lifecycle how it logs the borders between a request's stages
 * @param trace the tracing options as typed
 * @param journal where it notes what its parent must tell if it is killed; null when not tracing
 * @param run where the server's processes keep their files; null when there is no such place
 * @param jvmOptions for the JVMs of its ranks
 */
record EngineSettings(
    int dpRank,
    String frontend,
    String identity,
    EngineConfig engine,
    LifecycleFormat lifecycle,
    Map<String, String> trace,
    Path journal,
    Path run,
    List<String> jvmOptions)
    implements ChildSettings {}
