package dev.serving.core.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jdk.incubator.vector.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This shows that a JVM for weights compiles each kernel, and no part of one, by itself. */
final class KernelJvmTest {
  private static final List<Class<?>> VECTORS =
      List.of(
          Bf16Vectors.class,
          F32Vectors.class,
          Int8Vectors.class,
          NarrowVectors.class,
          VectorKernels.class);

  @Test
  void everyPatternNamesAKernel() {
    assertThat(KernelJvm.notInlined())
        .allSatisfy(pattern -> assertThat(methods().filter(m -> isNamed(m, pattern))).isNotEmpty());
  }

  @Test
  void everyLoopOverVectorsIsNamedAndNoVectorIsHandedOut() {
    assertThat(methods().filter(KernelJvmTest::isNamed))
        .isNotEmpty()
        .noneMatch(m -> Vector.class.isAssignableFrom(m.getReturnType()));
    assertThat(methods().filter(m -> m.getDeclaringClass() != VectorKernels.class))
        .filteredOn(m -> m.getReturnType() == void.class)
        .allMatch(KernelJvmTest::isNamed);
  }

  @Test
  void javaTakesTheOptionsWithoutAWord() throws IOException {
    List<String> line = KernelJvm.command();
    line.add("-version");
    Process java = new ProcessBuilder(line).start();
    assertThat(java.inputReader().lines()).isEmpty();
    assertThat(java.onExit().join().exitValue()).isZero();
  }

  @Test
  void whatTheEnvironmentChoosesIsKept() {
    assertThat(chooses("JAVA_TOOL_OPTIONS", "-Xmx1g -Dx=y")).isFalse();
    assertThat(chooses("JAVA_TOOL_OPTIONS", "-Xmx1g -XX:+UseZGC")).isTrue();
    assertThat(chooses("JDK_JAVA_OPTIONS", "-XX:+UseG1GC")).isTrue();
    assertThat(chooses("JDK_JAVA_OPTIONS", "-XX:-UseG1GC")).isTrue();
    assertThat(KernelJvm.chooses(Map.of(), "Use\\w*GC")).isFalse();
    assertThat(chooses("OTHER", "-XX:+UseG1GC")).isFalse();
  }

  private static boolean chooses(String variable, String options) {
    return KernelJvm.chooses(Map.of(variable, options), "Use\\w*GC");
  }

  @Test
  void hugePagesAreAskedForWhereLinuxGivesThem(@TempDir Path directory) throws IOException {
    Path enabled = directory.resolve("enabled");
    assertThat(KernelJvm.givesHugePages(enabled)).as("no Linux").isFalse();
    Files.writeString(enabled, "always madvise [never]\n");
    assertThat(KernelJvm.givesHugePages(enabled)).isFalse();
    Files.writeString(enabled, "always [madvise] never\n");
    assertThat(KernelJvm.givesHugePages(enabled)).isTrue();
  }

  /** A virtual machine's own word for it is no promise; so it is asked. */
  @Test
  void aJvmWithoutTheCompilerOfVectorsIsKnown() throws IOException {
    assertThat(KernelJvm.compilesTwice(info())).isTrue();
    assertThat(KernelJvm.compilesTwice(info("-XX:TieredStopAtLevel=1"))).isFalse();
    assertThat(KernelJvm.compilesTwice(info("-Xint"))).isFalse();
    assertThat(KernelJvm.lack()).as("here").isNull();
  }

  private static String info(String... options) throws IOException {
    List<String> line = KernelJvm.command();
    line.addAll(List.of(options));
    line.addAll(List.of("-XshowSettings:properties", "-version"));
    Process java = new ProcessBuilder(line).redirectErrorStream(true).start();
    String key = "java.vm.info = ";
    return java.inputReader()
        .lines()
        .filter(said -> said.contains(key))
        .map(said -> said.substring(said.indexOf(key) + key.length()))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<Method> methods() {
    return VECTORS.stream()
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(m -> !m.isSynthetic());
  }

  private static boolean isNamed(Method method) {
    return KernelJvm.notInlined().stream().anyMatch(pattern -> isNamed(method, pattern));
  }

  private static boolean isNamed(Method method, String pattern) {
    String name = method.getDeclaringClass().getSimpleName() + "::" + method.getName();
    return ("." + name).matches(pattern.replace("*", ".*"));
  }
}
