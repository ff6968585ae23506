package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serving.core.config.FrontendConfig;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.model.Checkpoint;
import dev.serving.trace.Tracing;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This shows that a frontend that cannot be had leaves nothing behind, whatever it lacked. */
class FailedStartTest {
  /** What the parts of a frontend work with, by the beginnings of their names. */
  private static final List<String> THREADS = List.of("link", "preprocess", "http");

  private final Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
  private final List<ScriptedEngine> engines = new CopyOnWriteArrayList<>();

  @Test
  void anAddress() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(Rig.CHECKPOINT, taken.getLocalPort()))
          .hasMessageContaining("cannot listen");
    }
    assertNothingIsLeft();
  }

  @Test
  void aTokenizer(@TempDir Path model) throws Exception {
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(Rig.CHECKPOINT.directory().resolve(name), model.resolve(name));
    }
    Files.writeString(model.resolve("tokenizer.json"), "{}");
    assertThatThrownBy(() -> start(Checkpoint.open(model), 0)).hasMessageContaining("tokenizer");
    assertNothingIsLeft();
  }

  /** What was opened last is closed first, also where something cannot be closed. */
  @Test
  void whatIsNotWholeIsClosedFromItsEnd() {
    List<String> closed = new ArrayList<>();
    try (Opening opening = new Opening()) {
      assertThat(opening.of("first", closed::add)).isEqualTo("first");
      opening.of("second", part -> failing());
      opening.of("third", closed::add);
    }
    assertThat(closed).containsExactly("third", "first");
  }

  @Test
  void whatIsWholeIsItsOwners() {
    List<String> closed = new ArrayList<>();
    try (Opening opening = new Opening()) {
      opening.of("first", closed::add);
      opening.done();
    }
    assertThat(closed).isEmpty();
  }

  private static void failing() {
    throw new IllegalStateException("cannot be closed");
  }

  private void start(Checkpoint model, int port) {
    Frontend.start(
        FrontendConfig.builder("demo").listen(ListenConfig.DEFAULT.withPort(port)).build(),
        Rig.DEPLOYMENT,
        model,
        Tracing.noop(),
        (rank, address, identity) -> {
          ScriptedEngine engine =
              new ScriptedEngine(rank, 512, Tracing.noop(), request -> List.of());
          engines.add(engine);
          engine.start(address, identity);
          return engine;
        });
  }

  private void assertNothingIsLeft() {
    await().untilAsserted(() -> assertThat(engines).noneMatch(PlayedEngine::isAlive));
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .noneMatch(name -> THREADS.stream().anyMatch(name::startsWith)));
  }
}
