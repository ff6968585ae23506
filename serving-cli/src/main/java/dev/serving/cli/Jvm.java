package dev.serving.cli;

import java.lang.module.ModuleFinder;
import java.util.List;

/** What the JVMs of this product are started with. */
final class Jvm {
  private static final String VECTOR = "jdk.incubator.vector";

  private Jvm() {}

  /** Options for a child JVM: the Vector API where this JDK has it. */
  static List<String> options() {
    return ModuleFinder.ofSystem().find(VECTOR).isPresent()
        ? List.of("--add-modules", VECTOR)
        : List.of();
  }
}
