package dev.serving.bench.blame;

import dev.serving.bench.blame.Injury.Ward;
import dev.serving.bench.server.ServeProcess;
import dev.serving.bench.viewer.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether what a server says of why a request was slow is true: holds requests up in ten ways, asks
 * for the top cause and the top culprit of each, and prints beside it how much slower than the same
 * request not held up, in turns with it, that made it, and what Jaeger's critical path says of the
 * same traces.
 */
public final class InjuryBench {
  /** By then kernels and what lies between them are compiled. */
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private final Path directory;
  private final Backend traces;
  private final int times;
  private final String only;
  private final boolean why;

  private InjuryBench(Path directory, Backend traces, int times, String only, boolean why) {
    this.why = why;
    this.directory = directory;
    this.traces = traces;
    this.times = times;
    this.only = only;
  }

  /**
   * Takes how often to do each (default 30), a pattern for the names of those to do (default all),
   * and {@code why} to print what {@code serving why} says of the last of each; runs in the
   * project's directory, built.
   */
  public static void main(String[] args) throws Exception {
    int times = args.length > 0 ? Integer.parseInt(args[0]) : 30;
    String only = args.length > 1 ? args[1] : "";
    boolean why = args.length > 2 && args[2].equals("why");
    Path directory = Files.createTempDirectory("injuries");
    try (Backend traces = Backend.viewer(Path.of(""), List.of("-Xmx256m"), List.of())) {
      new InjuryBench(directory, traces, times, only, why).run();
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) { // links are not followed
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void run() throws Exception {
    System.out.println(Diagnosis.HEAD);
    for (Ward ward : Ward.values()) {
      List<Injury> here =
          Injuries.all().stream()
              .filter(injury -> injury.server() == ward && wanted(injury))
              .toList();
      if (!here.isEmpty()) {
        try (Patient patient = admit(ward)) {
          treat(patient, here);
        }
      }
    }
  }

  private boolean wanted(Injury injury) {
    return Pattern.compile(only).matcher(injury.name()).find();
  }

  private Patient admit(Ward ward) throws IOException {
    List<String> options = new ArrayList<>(ward.options);
    options.addAll(
        List.of(
            "--trace-enable",
            "--otlp-traces-endpoint=" + traces.endpoint(),
            "--lifecycle-log=off",
            "--no-prefix-caching"));
    Path home = Path.of("");
    Path model = Path.of("models/serving-demo");
    List<String> jvm = List.of();
    if (ward == Ward.SLOW_TOKENS) {
      model = slowModel(model);
    } else if (ward == Ward.SLOW_LINK) {
      jvm = List.of("-Djava.home=" + new DelayedLink(directory).home());
    }
    return new Patient(ServeProcess.start(home, model, jvm, options.toArray(new String[0])));
  }

  /** The same model, but what makes tokens of a chat counts to many first. */
  private Path slowModel(Path model) throws IOException {
    Path slow = Files.createDirectories(directory.resolve("slow"));
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.toList()) {
        Files.copy(file, slow.resolve(file.getFileName()));
      }
    }
    Path config = slow.resolve("tokenizer_config.json");
    String count = "{% for i in range(1000) %}{% for j in range(900) %}{% endfor %}{% endfor %}";
    Files.writeString(
        config,
        Files.readString(config).replace("\"chat_template\": \"", "\"chat_template\": \"" + count));
    return slow;
  }

  private void treat(Patient patient, List<Injury> injuries) throws Exception {
    long warm = System.nanoTime() + WARM_UP.toNanos();
    for (int i = 0; System.nanoTime() < warm; i++) {
      patient.ask(10 + 4 * (i % 60), 20).awaitEnd();
    }
    BlameClient client = new BlameClient(patient.uri(), patient.model());
    for (Injury injury : injuries) {
      injury.act().on(patient); // what it takes for the first time is not what it is about
      List<Diagnosis> all = new ArrayList<>();
      List<Long> controls = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        if (injury.control() != null) {
          String id = injury.control().apply(patient).awaitEnd();
          controls.add(Diagnosis.ns(client.account(id)));
        }
        Injured injured = injury.act().on(patient);
        all.add(Diagnosis.of(client.account(injured.id()), injured, injury));
      }
      System.out.println(Diagnosis.line(injury, all, controls, criticalPaths(all)));
      if (why) {
        tell(patient, all.get(times - 1).traceId());
      }
    }
  }

  private static void tell(Patient patient, String traceId)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String url = patient.uri().toString();
    new ProcessBuilder(java, "-jar", "serving-cli/target/serving.jar", "why", traceId, "--url", url)
        .inheritIO()
        .start()
        .waitFor();
  }

  private List<Map<String, Long>> criticalPaths(List<Diagnosis> all) throws Exception {
    Thread.sleep(1500); // spans are sent several times a second
    List<Map<String, Long>> paths = new ArrayList<>();
    for (Diagnosis one : all) {
      String answer = traces.get("api/traces/" + one.traceId());
      paths.add(CriticalPath.of(BlameClient.JSON.readTree(answer).path("data").path(0)));
    }
    return paths;
  }
}
