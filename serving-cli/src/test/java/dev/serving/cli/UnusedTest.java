package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * This shows that the server has no method that nobody calls, if only a test that looks at
 * something. The libraries, whose callers are elsewhere, are left out.
 */
final class UnusedTest {
  private static final String CORE_TESTS = "serving-core/target/test-classes";

  /** What the virtual machine calls, and the benchmarks. */
  private static final Set<String> FROM_OUTSIDE = Set.of("main", "values", "valueOf", "awaitReady");

  /** All modules, with the tests of the core, which are built before these. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_PACKAGE_INFOS)
          .importLocations(
              Stream.concat(
                      Locations.ofPackage("dev.serving").stream(),
                      Stream.of(Location.of(ServingProcess.ROOT.resolve(CORE_TESTS).toUri())))
                  .toList());

  @Test
  void everyMethodOfTheServerHasACaller() {
    List<String> unused =
        CLASSES.stream()
            .filter(UnusedTest::isServer)
            .flatMap(c -> c.getMethods().stream())
            .filter(method -> !isUsed(method))
            .map(JavaMethod::getFullName)
            .sorted()
            .toList();
    assertThat(unused).isEmpty();
  }

  private static boolean isServer(JavaClass type) {
    String name = type.getPackageName();
    return (name.startsWith("dev.serving.core") || name.startsWith("dev.serving.cli"))
        && !isTest(type)
        && !type.isAnonymousClass()
        && !isGenerated(type);
  }

  private static boolean isTest(JavaClass type) {
    return type.getSource().orElseThrow().getUri().toString().contains("test-classes");
  }

  /** Of record-builder's making: {@code XBuilder} for a record {@code X}, and what is in it. */
  private static boolean isGenerated(JavaClass type) {
    String outer = type.getName().replaceFirst("\\$.*", "");
    return outer.endsWith("Builder") && CLASSES.contain(outer.replaceFirst("Builder$", ""));
  }

  private static boolean isUsed(JavaMethod method) {
    return FROM_OUTSIDE.contains(method.getName())
        || method.getName().contains("$")
        || method.getModifiers().toString().contains("SYNTHETIC")
        || !method.getAnnotations().isEmpty()
        || isComponent(method)
        || isAccessed(method)
        || overridden(method).findAny().isPresent()
        || overriding(method).anyMatch(UnusedTest::isAccessed);
  }

  private static boolean isAccessed(JavaMethod method) {
    return method.getAccessesToSelf().stream().anyMatch(a -> !a.getOrigin().equals(method));
  }

  private static boolean isComponent(JavaMethod method) {
    return method.getOwner().isRecord()
        && method.getRawParameterTypes().isEmpty()
        && method.getOwner().tryGetField(method.getName()).isPresent();
  }

  private static Stream<JavaMethod> overridden(JavaMethod method) {
    return Stream.concat(
            method.getOwner().getAllRawSuperclasses().stream(),
            method.getOwner().getAllRawInterfaces().stream())
        .flatMap(type -> alike(type, method));
  }

  private static Stream<JavaMethod> overriding(JavaMethod method) {
    return method.getOwner().getAllSubclasses().stream().flatMap(type -> alike(type, method));
  }

  private static Stream<JavaMethod> alike(JavaClass type, JavaMethod method) {
    int parameters = method.getRawParameterTypes().size();
    return type.getMethods().stream()
        .filter(m -> m.getName().equals(method.getName()))
        .filter(m -> m.getRawParameterTypes().size() == parameters);
  }
}
