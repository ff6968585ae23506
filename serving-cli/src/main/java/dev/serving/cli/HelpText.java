package dev.serving.cli;

import dev.serving.cli.HelpGroup.Topic;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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

  /** From so many options on they are shown under headings. */
  private static final int MANY = 20;

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
    return shown.size() < MANY ? list(shown) : groups(shown);
  }

  private String groups(List<OptionSpec> options) {
    StringBuilder text = new StringBuilder();
    for (Topic topic : Topic.values()) {
      List<OptionSpec> group = options.stream().filter(option -> topic(option) == topic).toList();
      if (!group.isEmpty()) {
        text.append('\n').append(topic).append(":\n").append(list(group));
      }
    }
    return text.toString();
  }

  /** What the option's field says, else its class. */
  private static Topic topic(OptionSpec option) {
    return option.userObject() instanceof Field field
        ? Stream.<AnnotatedElement>of(field, field.getDeclaringClass())
            .map(place -> place.getAnnotation(HelpGroup.class))
            .filter(Objects::nonNull)
            .map(HelpGroup::value)
            .findFirst()
            .orElse(Topic.FURTHER)
        : Topic.FURTHER;
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
