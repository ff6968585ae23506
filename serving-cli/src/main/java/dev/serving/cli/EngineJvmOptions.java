package dev.serving.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** How the JVMs of engines and ranks are started. */
final class EngineJvmOptions {
  @Option(
      names = "--engine-heap",
      paramLabel = "SIZE",
      description = "Heap of each engine and rank, such as 8g (default: a quarter of the memory).")
  private String heap;

  /** Options for {@code java}. */
  List<String> list() {
    return heap == null ? List.of() : List.of("-Xmx" + heap);
  }
}
