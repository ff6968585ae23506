package dev.serving.core.model.kernel;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a JVM that holds weights and runs kernels is to be started with. */
public final class KernelJvm {
  private static final String VECTOR = "jdk.incubator.vector";

  /** The line that every JVM with the Vector API begins with; it tells nobody anything. */
  public static final String WARNING = "WARNING: Using incubator modules: " + VECTOR;

  private static final String DO_NOT_INLINE = "-XX:CompileCommand=dontinline,";

  private static final String COMPILE_SOON = "-XX:CompileCommand=CompileThresholdScaling,";
  private static final String SO_SOON = ",0.1";

  /** Where a JVM takes options from that are not on its command line. */
  private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");

  /** Where Linux says who gets them: {@code Documentation/admin-guide/mm/transhuge.rst} there. */
  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private KernelJvm() {}

  /**
   * Options for {@code java}, in order.
   *
   * <ul>
   *   <li>The Vector API, where this JDK has it.
   *   <li>No kernel is compiled into its caller. There C2 may reach its limit of depth in the midst
   *       of a kernel, and what is left are calls that make objects: a twentieth of the speed, for
   *       good, in one start of six. Alone, a kernel is as fast as its trial at the start was.
   *   <li>Kernels are compiled after a tenth of the usual calls. Until then each of their
   *       operations is a call, and C2 compiles each of these by itself, for nothing, before the
   *       kernel: where the machine is busy, for half a minute and more.
   *   <li>No bounds are checked at each load of a vector: the checks take the registers that the
   *       sums need, and a quarter to a third of the speed in some starts. {@link
   *       PackedMatrix#multiply} checks the arrays once instead, and the tests run with both.
   *   <li>The serial collector with a small young generation: an engine makes little garbage, and
   *       its large arrays hold no references. G1 takes half as much memory again beside them. Left
   *       out where the environment chooses a collector.
   *   <li>Huge pages, where Linux gives them to who asks: reading weights, a pass crosses a quarter
   *       of a million pages of 4 KB, and waits at each of them. Left out where the environment
   *       says whether to use them.
   * </ul>
   */
  public static List<String> options() {
    List<String> options = new ArrayList<>();
    if (ModuleFinder.ofSystem().find(VECTOR).isPresent()) {
      options.addAll(List.of("--add-modules", VECTOR));
    }
    options.add("-XX:CompileCommand=quiet");
    for (String kernel : notInlined()) {
      options.add(DO_NOT_INLINE + kernel);
      options.add(COMPILE_SOON + kernel + SO_SOON);
    }
    options.add("-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0");
    if (!chooses(System.getenv(), "Use\\w*GC")) {
      options.add("-XX:+UseSerialGC");
      options.add("-XX:MaxNewSize=32m");
      options.add("-XX:PretenureSizeThreshold=1m");
    }
    if (givesHugePages(HUGE_PAGES) && !chooses(System.getenv(), "Use(LargePages|\\w*HugePages)")) {
      options.add("-XX:+UseTransparentHugePages");
    }
    return options;
  }

  /** The {@code java} that runs this, with the {@link #options}: the start of a command line. */
  public static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options());
    return command;
  }

  /** Whether this JVM was started with the {@link #options}, or there is no Vector API to have. */
  public static boolean isThis() {
    return ModuleLayer.boot().findModule(VECTOR).isPresent()
        || ModuleFinder.ofSystem().find(VECTOR).isEmpty();
  }

  /**
   * What this JVM lacks without which vectors are objects, slower than plain Java; null when it
   * lacks nothing.
   */
  static String lack() {
    if (ModuleLayer.boot().findModule(VECTOR).isEmpty()) {
      return "The Vector API is missing (java --add-modules " + VECTOR + ")";
    }
    return compilesTwice(System.getProperty("java.vm.info", ""))
        ? null
        : "This JVM has no second compiler (-XX:TieredStopAtLevel or -Xint)";
  }

  /** Whether a virtual machine that says this of itself has the compiler that knows vectors. */
  static boolean compilesTwice(String info) {
    return !info.contains("emulated-client") && !info.startsWith("interpreted");
  }

  /** The methods that are compiled by themselves; a pattern may not have a star within. */
  static List<String> notInlined() {
    return List.of("*Vectors::tile*", "*Vectors::unpack", "*VectorKernels::*Lanes");
  }

  /** Whether the environment switches a JVM's option on or off whose name is like this. */
  static boolean chooses(Map<String, String> environment, String name) {
    return VARIABLES.stream()
        .flatMap(variable -> Stream.of(environment.getOrDefault(variable, "").split("\\s+")))
        .anyMatch(option -> option.matches("-XX:[+-]" + name));
  }

  /** Whether a process that asks for huge pages gets some; only Linux has such a file. */
  static boolean givesHugePages(Path file) {
    try {
      return !Files.readString(file).contains("[never]");
    } catch (IOException e) {
      return false;
    }
  }
}
