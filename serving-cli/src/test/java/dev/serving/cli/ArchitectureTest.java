package dev.serving.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceSlice;
import dev.serving.trace.TraceThreadContext;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** This shows which way the arrows between modules and packages point, and that none is missing. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.serving");

  @Test
  void modulesDependAsTheDesignSays() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.serving..")
        .layer("cli")
        .definedBy("dev.serving.cli..")
        .layer("core")
        .definedBy("dev.serving.core..")
        .layer("viewer")
        .definedBy("dev.serving.viewer..")
        .layer("trace")
        .definedBy("dev.serving.trace..")
        .layer("template")
        .definedBy("dev.serving.template..")
        .layer("blame")
        .definedBy("dev.serving.blame..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("core")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("viewer")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("trace")
        .mayOnlyBeAccessedByLayers("core", "cli")
        .whereLayer("template")
        .mayOnlyBeAccessedByLayers("core")
        .whereLayer("blame")
        .mayOnlyBeAccessedByLayers("core", "viewer", "cli")
        .check(CLASSES);
  }

  @Test
  void insideCoreMessagesAndModelKnowNoWorker() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.serving.core.message..", "dev.serving.core.model..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "dev.serving.core.frontend..",
                "dev.serving.core.engine..",
                "dev.serving.core.worker.."))
        .check(CLASSES);
  }

  /** A body goes in and a request for engines comes out: calls run one way. */
  @Test
  void whoPreparesARequestKnowsNotItsLife() {
    noClasses()
        .that()
        .haveSimpleName("Preprocess")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("Generation")
        .check(CLASSES);
  }

  @Test
  void frontendAndEngineMeetOnlyInMessages() {
    noClasses()
        .that()
        .resideInAPackage("dev.serving.core.frontend..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.serving.core.engine..", "dev.serving.core.worker.."))
        .check(CLASSES);
  }

  @Test
  void aRankKnowsNoEngine() {
    noClasses()
        .that()
        .resideInAPackage("dev.serving.core.worker..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("dev.serving.core.engine.."))
        .check(CLASSES);
  }

  @Test
  void theEnginesOfAFrontendKnowNeitherHttpNorTexts() {
    noClasses()
        .that()
        .resideInAPackage("dev.serving.core.frontend.engines..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "dev.serving.core.frontend",
                "dev.serving.core.frontend.api..",
                "dev.serving.core.frontend.http..",
                "dev.serving.core.model.text..",
                "dev.serving.template..",
                "io.opentelemetry.."))
        .check(CLASSES);
  }

  /** Whoever works says what happened; a listener makes slices of it. */
  @Test
  void spansAreKnownToTracesAlone() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.serving.core.frontend..", "dev.serving.core.engine..", "dev.serving.core.worker..")
        .and()
        .haveNameNotMatching(".*(Trace|RankRequest|StepFigures)(\\$.*)?")
        .should()
        .dependOnClassesThat(
            belongToAnyOf(
                TraceReqContext.class, TraceThreadContext.class, TraceSlice.class, Span.class))
        .check(CLASSES);
  }

  @Test
  void thePageThatDrawsThePackagesIsWhatTheCodeSays() throws Exception {
    Process check =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Path.of("tools", "architecture", "Architecture.java").toString(),
                "--check")
            .directory(Path.of("..").toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor()).as(said).isZero();
  }

  @Test
  void theModelKnowsNoTracing() {
    noClasses()
        .that()
        .resideInAPackage("dev.serving.core.model..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("dev.serving.trace..", "io.opentelemetry.."))
        .check(CLASSES);
  }

  @Test
  void tracingKnowsNeitherNettyNorZeroMq() {
    noClasses()
        .that()
        .resideInAPackage("dev.serving.trace..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.netty..", "org.zeromq.."))
        .check(CLASSES);
  }

  @Test
  void nobodyKnowsTheClientUnderTheExporter() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("okhttp3..", "okio..", "kotlin.."))
        .check(CLASSES);
  }

  @Test
  void nobodyCallsTheExportOfTracing() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.serving.trace..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("dev.serving.trace.export.."))
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.serving.(**)").should().beFreeOfCycles().check(CLASSES);
  }
}
