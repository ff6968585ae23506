package dev.serving.bench.model;

import dev.serving.core.model.kernel.KernelJvm;
import java.lang.management.ManagementFactory;
import java.util.List;

/** A JVM with the options of a server's engine, and then those of this process. */
final class EngineJvm {
  private EngineJvm() {}

  /** Runs a class of this process's class path. */
  static ProcessBuilder run(Class<?> main, String... arguments) {
    List<String> command = KernelJvm.command();
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
