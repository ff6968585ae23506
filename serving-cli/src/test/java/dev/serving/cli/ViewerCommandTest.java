package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serving viewer} in a process of its own: what it prints, and how it ends. */
final class ViewerCommandTest {
  private static final String IDS =
      "'traceId':'4bf92f3577b34da6a3ce929d0e0e4736','spanId':'00f067aa0ba902b7'";

  private final HttpClient http = HttpClient.newHttpClient();
  @TempDir private Path directory;
  private Process process;

  @AfterEach
  void stop() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void beyondLoopbackItWarnsNamesItsAddressesAndAsksForATokenThatItPrints() throws Exception {
    List<String> said = start("-Xmx64m", "--host", "0.0.0.0");

    assertThat(said.get(0)).matches("Viewer: http://127\\.0\\.0\\.1:\\d+/");
    String token = said.get(said.size() - 1).replace("Token: ", "");
    URI services = URI.create(said.get(0).substring(8)).resolve("api/services");
    assertThat(get(services, "none")).isEqualTo(401);
    assertThat(get(services, "Bearer " + token)).isEqualTo(200);
    process.destroy();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(errors()).contains("other machines reach this viewer");
  }

  @Test
  void withACertificateItSpeaksTlsAndSaysSo() throws Exception {
    X509Bundle identity =
        new CertificateBuilder()
            .subject("CN=localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    String certificate = identity.toTempCertChainPem().getPath();
    String key = identity.toTempPrivateKeyPem().getPath();

    List<String> said =
        start("-Xmx64m", "--host", "0.0.0.0", "--ssl-certfile", certificate, "--ssl-keyfile", key);

    assertThat(said.get(0)).matches("Viewer: https://127\\.0\\.0\\.1:\\d+/");
    process.destroy();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(errors()).contains("who has the token").doesNotContain("without TLS");
    assertThatThrownBy(() -> start("-Xmx64m", "--ssl-certfile", certificate))
        .hasMessageContaining("TLS needs both --ssl-certfile and --ssl-keyfile");
  }

  @Test
  void aThreadThatDiesOfAnErrorEndsTheProcessWithAWord() throws Exception {
    List<String> said = start("-Xmx24m", "--max-bytes", "1g", "--max-spans", "1000000000");
    URI traces = URI.create(said.get(0).substring(8)).resolve("v1/traces");

    for (int i = 0; process.isAlive() && i < 2_000; i++) {
      export(traces, i);
    }

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(LastWords.EXIT_CODE);
    assertThat(errors()).contains("has died: java.lang.OutOfMemoryError");
  }

  @Test
  void whatWasKeptIsThereAfterAKill() throws Exception {
    Path store = directory.resolve("traces");
    URI first = URI.create(start("-Xmx64m", "--store", store.toString()).get(0).substring(8));
    String span = "{'resourceSpans':[{'scopeSpans':[{'spans':[{IDS}]}]}]}";
    assertThat(post(first.resolve("v1/traces"), span.replace("IDS", IDS).replace('\'', '"')))
        .isEqualTo(200);
    Path block = store.resolve("00000000.spans");
    Awaitility.await().until(() -> Files.exists(block) && Files.size(block) > 0);
    process.destroyForcibly().waitFor();

    URI second = URI.create(start("-Xmx64m", "--store", store.toString()).get(0).substring(8));

    assertThat(get(second.resolve("api/traces/4bf92f3577b34da6a3ce929d0e0e4736"), "none"))
        .isEqualTo(200);
  }

  @Test
  void millionsOfEmptyObjectsCostNoMoreThanTheirBytes() throws Exception {
    List<String> said = start("-Xmx160m", "--max-bytes", "32m");
    URI traces = URI.create(said.get(0).substring(8)).resolve("v1/traces");

    for (String nest :
        List.of(
            "{'resourceSpans':[%s]}",
            "{'resourceSpans':[{'scopeSpans':[%s]}]}",
            "{'resourceSpans':[{'resource':{'attributes':[%s]}}]}",
            "{'resourceSpans':[{'scopeSpans':[{'spans':[%s]}]}]}",
            "{'resourceSpans':[{'scopeSpans':[{'spans':[{IDS,'attributes':[%s]}]}]}]}",
            "{'resourceSpans':[{'scopeSpans':[{'spans':[{IDS,'events':[%s]}]}]}]}",
            "{'resourceSpans':[{'scopeSpans':[{'spans':[{IDS,'links':[%s]}]}]}]}")) {
      String json =
          nest.replace("IDS", IDS).replace('\'', '"').formatted("{},".repeat(3_600_000) + "{}");
      assertThat(post(traces, json)).as(nest).isEqualTo(200);
    }

    assertThat(get(traces.resolve("/api/services"), "none")).isEqualTo(200);
    assertThat(errors()).isEmpty();
  }

  private int post(URI traces, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(traces)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private List<String> start(String heap, String... options) throws IOException {
    List<String> line = Installation.command(heap);
    line.addAll(List.of("viewer", "--port", "0"));
    line.addAll(List.of(options));
    process = new ProcessBuilder(line).redirectError(log().toFile()).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String last = List.of(options).contains("--host") ? "Token: " : "Send traces";
    List<String> said = new ArrayList<>();
    for (String next = out.readLine(); next != null; next = out.readLine()) {
      said.add(next);
      if (next.startsWith(last)) {
        return said;
      }
    }
    throw new AssertionError("the viewer ended: " + errors());
  }

  private Path log() {
    return directory.resolve("log");
  }

  private String errors() throws IOException {
    return Files.readString(log());
  }

  private int get(URI uri, String authorization) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Authorization", authorization).build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /** One span of half a megabyte; whether it is taken does not matter here. */
  private void export(URI traces, int number) throws InterruptedException {
    String json =
        """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"00000000000000aa",
        "name":"%s"}]}]}]}\
        """
            .formatted(number + 1, "x".repeat(500_000));
    HttpRequest request =
        HttpRequest.newBuilder(traces)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    try {
      http.send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException gone) {
      assertThat(gone).isNotNull();
    }
  }
}
