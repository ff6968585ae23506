package dev.serving.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * How help shows options: in groups where a command has many, and with lines that break at spaces
 * alone. Picocli's own break within addresses and file names.
 */
final class HelpText {
  private static final int NAMES = 28;
  private static final int INDENT = 2;

  /** The groups of {@code serve}, which has most of them. */
  private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put(
        "Model",
        List.of("--model", "--served-model-name", "--dtype", "--quantization", "--max-model-len"));
    GROUPS.put(
        "Address, and who may ask",
        List.of(
            "--host",
            "--port",
            "--api-key-file",
            "--ssl-certfile",
            "--ssl-keyfile",
            "--cors-origins",
            "--allowed-hosts"));
    GROUPS.put(
        "Processes",
        List.of("--data-parallel-size", "--tensor-parallel-size", "--threads", "--engine-heap"));
    GROUPS.put(
        "Batches and KV cache",
        List.of(
            "--max-num-seqs",
            "--max-num-batched-tokens",
            "--max-waiting",
            "--block-size",
            "--kv-cache-bytes",
            "--kv-cache-share",
            "--prefix-caching"));
    GROUPS.put(
        "Limits",
        List.of(
            "--max-requests",
            "--max-connections",
            "--client-memory-bytes",
            "--request-timeout",
            "--shutdown-timeout"));
    GROUPS.put(
        "Tracing and logs",
        List.of(
            "--trace-enable",
            "--otlp-traces-endpoint",
            "--viewer-port",
            "--trace-level",
            "--trace-modules",
            "--trace-attributes",
            "--trace-sample-ratio",
            "--allow-forced-traces",
            "--lifecycle-log",
            "--ledger-bytes"));
  }

  private final int width;

  private HelpText(Help help) {
    width = help.commandSpec().usageMessage().width();
  }

  /** Has a command and all below it show their options so. */
  static void install(CommandLine command) {
    Map<String, CommandLine.IHelpSectionRenderer> sections = command.getHelpSectionMap();
    sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, help -> new HelpText(help).about(help));
    sections.put(
        UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> new HelpText(help).options(help));
    command.getSubcommands().values().forEach(HelpText::install);
  }

  /** Lines that begin with a space are examples, and stay as they are. */
  private String about(Help help) {
    StringBuilder text = new StringBuilder();
    StringBuilder sentences = new StringBuilder();
    for (String line : help.commandSpec().usageMessage().description()) {
      if (line.isEmpty() || line.startsWith(" ")) {
        end(sentences, text);
        text.append(line).append('\n');
      } else {
        sentences.append(line).append(' ');
      }
    }
    end(sentences, text);
    return text.toString();
  }

  private void end(StringBuilder sentences, StringBuilder text) {
    if (sentences.length() > 0) {
      wrapped(sentences.toString(), width).forEach(line -> text.append(line).append('\n'));
      sentences.setLength(0);
    }
  }

  private String options(Help help) {
    List<OptionSpec> shown =
        help.commandSpec().options().stream().filter(option -> !option.hidden()).toList();
    boolean grouped =
        shown.stream().anyMatch(option -> Settings.name(option).equals(Settings.CONFIG));
    return grouped ? groups(shown) : list(shown);
  }

  private String groups(List<OptionSpec> options) {
    List<OptionSpec> left = new ArrayList<>(options);
    StringBuilder text = new StringBuilder();
    GROUPS.forEach(
        (title, names) -> {
          List<OptionSpec> group =
              options.stream().filter(option -> names.contains(Settings.name(option))).toList();
          left.removeAll(Set.copyOf(group));
          text.append('\n').append(title).append(":\n").append(list(group));
        });
    return text.append("\nFurther:\n").append(list(left)).toString();
  }

  private String list(List<OptionSpec> options) {
    StringBuilder text = new StringBuilder();
    for (OptionSpec option : options) {
      String names = " ".repeat(INDENT) + names(option);
      List<String> lines = wrapped(String.join(" ", option.description()), width - NAMES);
      boolean beside = names.length() < NAMES;
      text.append(beside ? "" : names + "\n");
      for (int i = 0; i < lines.size(); i++) {
        String before = beside && i == 0 ? names : "";
        text.append(("%-" + NAMES + "s%s\n").formatted(before, lines.get(i)));
      }
    }
    return text.toString();
  }

  private static String names(OptionSpec option) {
    String names = String.join(", ", option.names());
    if (option.negatable()) {
      names = names.replace("--", "--[no-]");
    }
    String more = option.splitRegex().isEmpty() ? "" : ",...";
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel() + more;
  }

  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
