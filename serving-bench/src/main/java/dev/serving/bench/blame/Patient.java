package dev.serving.bench.blame;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.serving.bench.server.ServeProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A server that requests are held up in. Used by one thread. */
final class Patient implements AutoCloseable {
  private static final int LETTERS = 200; // ids that every tokenizer has
  private static final int STOPPED_MS = 15;
  private static final int GOES_MS = 3;

  /** Engines tell what they count several times a second. */
  private static final int COUNTED_MS = 500;

  private final ServeProcess server;
  private final Random random = new Random(3);
  private JMXConnector engine;
  private MemoryMXBean memory;

  Patient(ServeProcess server) {
    this.server = server;
  }

  URI uri() {
    return server.uri();
  }

  String model() {
    return server.model();
  }

  /** Asks for so many tokens after a prompt of so many; no two prompts are alike. */
  Asking ask(int prompt, int tokens) {
    return post(body(prompt, tokens, ""));
  }

  /** Asks for a completion. */
  Asking post(String body) {
    return Asking.post(server.uri().resolve("/v1/completions"), body);
  }

  /** What {@link #ask} sends, with more fields. */
  String body(int prompt, int tokens, String more) {
    String ids =
        IntStream.range(0, prompt)
            .mapToObj(i -> Integer.toString(3 + random.nextInt(LETTERS)))
            .collect(Collectors.joining(",", "[", "]"));
    return """
    {"model": "%s", "prompt": %s, "max_tokens": %d, "ignore_eos": true, "stream": true,
     "temperature": 0%s}\
    """
        .formatted(server.model(), ids, tokens, more);
  }

  /** Says something in a chat. */
  Asking chat(String text, int tokens) {
    String body =
        """
        {"model": "%s", "messages": [{"role": "user", "content": "%s"}], "max_tokens": %d,
         "ignore_eos": true, "stream": true}\
        """
            .formatted(server.model(), text, tokens);
    return Asking.post(server.uri().resolve("/v1/chat/completions"), body);
  }

  /** Has the engine collect its heap again and again. */
  @SuppressWarnings("BanJNDI") // it is asked for an address that a process of ours gave
  void collectUntil(CompletableFuture<?> over) throws IOException {
    if (memory == null) {
      engine = JMXConnectorFactory.connect(new JMXServiceURL(agent(pid("engine"))));
      memory =
          ManagementFactory.newPlatformMXBeanProxy(
              engine.getMBeanServerConnection(),
              ManagementFactory.MEMORY_MXBEAN_NAME,
              MemoryMXBean.class);
    }
    do {
      memory.gc();
    } while (!over.isDone());
  }

  private static String agent(long pid) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        return machine.startLocalManagementAgent();
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IOException("cannot reach the engine's process", e);
    }
  }

  /** Stops the rank's process again and again, and lets it go on in between. */
  void slowRankUntil(CompletableFuture<?> over) throws IOException, InterruptedException {
    long rank = pid("rank");
    while (!over.isDone()) {
      signal("STOP", rank);
      TimeUnit.MILLISECONDS.sleep(STOPPED_MS);
      signal("CONT", rank);
      TimeUnit.MILLISECONDS.sleep(GOES_MS);
    }
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }

  /** How often a sequence lost its KV blocks, as the server counts it. */
  long preemptions() throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(COUNTED_MS);
    HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("/metrics")).build();
    return HttpClient.newHttpClient()
        .send(request, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("serving_preemptions_total"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private long pid(String role) {
    return server.processes().entrySet().stream()
        .filter(process -> process.getKey().startsWith(role + " "))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (engine != null) {
      engine.close();
    }
    server.close();
  }
}
