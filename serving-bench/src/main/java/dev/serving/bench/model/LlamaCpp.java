package dev.serving.bench.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs llama.cpp's own benchmarks, where they are given, on the same machine in the same minutes.
 */
final class LlamaCpp {
  /** A row of llama-bench: {@code | … | pp512 | 141.02 ± 0.5 |}. */
  private static final Pattern BENCH =
      Pattern.compile("\\|\\s*(pp|tg)(\\d+)\\s*\\|\\s*([0-9.]+)\\s");

  private final BenchOptions options;

  LlamaCpp(BenchOptions options) {
    this.options = options;
  }

  /** One round of everything, for every model that is given. */
  void measure(Speeds speeds) throws IOException, InterruptedException {
    for (Path gguf : options.ggufs()) {
      String name = "llama.cpp " + gguf.getFileName();
      if (options.llamaBench().isPresent()) {
        single(options.llamaBench().get(), gguf, name, speeds);
      }
      if (options.llamaBatched().isPresent()) {
        batched(options.llamaBatched().get(), gguf, name, speeds);
      }
    }
  }

  private void single(Path program, Path gguf, String name, Speeds speeds)
      throws IOException, InterruptedException {
    String threads = Integer.toString(options.threads());
    String out =
        run(
            program.toString(),
            "-m",
            gguf.toString(),
            "-t",
            threads,
            "-p",
            "512",
            "-n",
            "24",
            "-r",
            "1");
    for (Matcher m = BENCH.matcher(out); m.find(); ) {
      String what = m.group(1).equals("pp") ? "prefill 512" : "batch 1";
      speeds.add(name + ", " + what, Double.parseDouble(m.group(3)));
    }
  }

  /** Rows of llama-batched-bench: {@code | PP | TG | B | N_KV | T_PP | S_PP | T_TG | S_TG | …}. */
  private void batched(Path program, Path gguf, String name, Speeds speeds)
      throws IOException, InterruptedException {
    String threads = Integer.toString(options.threads());
    String out =
        run(
            program.toString(),
            "-m",
            gguf.toString(),
            "-t",
            threads,
            "-tb",
            threads,
            "-c",
            "4096",
            "-npp",
            "128",
            "-ntg",
            "16",
            "-npl",
            "8,16");
    for (String line : out.split("\n", -1)) {
      String[] cells = line.split("\\|", -1);
      if (cells.length > 9 && cells[1].trim().equals("128")) {
        speeds.add(name + ", batch " + cells[3].trim(), Double.parseDouble(cells[8].trim()));
      }
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command[0] + " failed:\n" + out);
    }
    return out;
  }
}
