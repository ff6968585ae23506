package dev.serving.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceSlice;
import dev.serving.trace.TraceSpan;
import dev.serving.trace.TraceThreadContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This shows which way the arrows between modules and packages point, and that none is missing. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.serving");

  private static final String OF_CORE = "dev.serving.core.";

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

  /** What the packages say of themselves, as far as no other rule here does. */
  @Test
  void roomsDoNotKnowWhatTheySayTheyDoNot() {
    assertKnowsNot("frontend.api", "io.netty..", "dev.serving.trace..", OF_CORE + "frontend");
    assertKnowsNot("frontend.api", OF_CORE + "engine..", OF_CORE + "worker..", OF_CORE + "model..");
    assertKnowsNot(
        "frontend.http", "dev.serving.trace..", OF_CORE + "model..", OF_CORE + "message..");
    assertKnowsNot("frontend.metrics", OF_CORE + "frontend", OF_CORE + "frontend.http..");
    assertKnowsNot("config", OF_CORE + "frontend..", OF_CORE + "engine..", OF_CORE + "worker..");
    assertKnowsNot(
        "lifecycle", OF_CORE + "frontend..", OF_CORE + "engine..", OF_CORE + "message..");
    assertKnowsNot("worker", OF_CORE + "frontend..", OF_CORE + "engine..");
    for (String alone : List.of("dev.serving.blame", OF_CORE + "fault", OF_CORE + "fairness")) {
      noClasses()
          .that()
          .resideInAPackage(alone)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("dev.serving..").and(resideOutsideOfPackage(alone)))
          .check(CLASSES);
    }
  }

  private static void assertKnowsNot(String room, String... others) {
    noClasses()
        .that()
        .resideInAPackage(OF_CORE + room)
        .should()
        .dependOnClassesThat(resideInAnyPackage(others))
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

  /** One spelling for each: who traces takes the names of attributes from where they all stand. */
  @Test
  void attributesHaveTheirNamesFromOneVocabulary() {
    noClasses()
        .that()
        .resideInAPackage("dev.serving.core..")
        .and()
        .haveNameNotMatching(".*(Attributes|TraceNames|GenAiFacts)")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "spells an attribute's name", ArchitectureTest::namesAnAttribute))
        .check(CLASSES);
  }

  private static boolean namesAnAttribute(JavaMethodCall call) {
    JavaClass owner = call.getTargetOwner();
    if (owner.isEquivalentTo(AttributeKey.class)) {
      return true;
    }
    boolean spelled =
        call.getTarget().getRawParameterTypes().stream()
            .findFirst()
            .filter(first -> first.isEquivalentTo(String.class))
            .isPresent();
    boolean told =
        owner.isEquivalentTo(AttributesBuilder.class)
            ? call.getName().equals("put")
            : owner.isAssignableTo(TraceSpan.class) && call.getName().equals("set");
    return spelled && told;
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
