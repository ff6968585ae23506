package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * This shows that there is no method that nobody calls, if only a test that looks at something.
 * What is public in the libraries, whose callers are elsewhere, is left out.
 */
final class UnusedTest {
  private static final List<String> MODULES =
      List.of(
          "serving-blame", "serving-core", "serving-trace", "serving-viewer", "serving-template");

  /** What the virtual machine calls, serialization, and the benchmarks. */
  private static final Set<String> FROM_OUTSIDE =
      Set.of("main", "values", "valueOf", "awaitReady", "writeReplace", "readResolve");

  /** All modules, with the tests of those that are built before this one. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_PACKAGE_INFOS)
          .importLocations(
              Stream.concat(
                      Locations.ofPackage("dev.serving").stream(),
                      MODULES.stream().map(UnusedTest::tests))
                  .toList());

  private static Location tests(String module) {
    return Location.of(ServingProcess.ROOT.resolve(module).resolve("target/test-classes").toUri());
  }

  @Test
  void everyMethodHasACaller() {
    List<String> unused =
        CLASSES.stream()
            .filter(type -> !isTest(type) && !type.isAnonymousClass() && !isGenerated(type))
            .flatMap(c -> c.getMethods().stream())
            .filter(method -> isServer(method.getOwner()) || !isOffered(method))
            .filter(method -> !isUsed(method))
            .map(JavaMethod::getFullName)
            .sorted()
            .toList();
    assertThat(unused).isEmpty();
  }

  private static boolean isServer(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith("dev.serving.core") || name.startsWith("dev.serving.cli");
  }

  /** Whether somebody outside of a library can call it: of its class, or of one made of that. */
  private static boolean isOffered(JavaMethod method) {
    JavaClass owner = method.getOwner();
    return method.getModifiers().contains(JavaModifier.PUBLIC)
        && (isPublic(owner) || owner.getAllSubclasses().stream().anyMatch(UnusedTest::isPublic));
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC);
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
            Stream.of(method.getOwner()), method.getOwner().getAllSubclasses().stream())
        .flatMap(
            type ->
                Stream.concat(
                    type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream()))
        .filter(type -> !type.equals(method.getOwner()))
        .flatMap(type -> alike(type, method))
        .filter(other -> !other.equals(method));
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
