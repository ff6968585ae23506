package dev.serving.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A file of settings: YAML, an option's name without its dashes and a value on each line.
 * Immutable.
 *
 * @param path where it is
 * @param values the values by the options' longest names
 */
record SettingsFile(Path path, Map<String, String> values) {
  private static final long MAX_BYTES = 1 << 20;

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * Reads a file.
   *
   * @throws ParameterException when it cannot be read, is no YAML, or has what the command has no
   *     option for; the message names file and line
   */
  static SettingsFile read(Path path, CommandSpec command) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> line : tree(path, command).properties()) {
      OptionSpec option = option(path, line.getKey(), command);
      String before =
          value(path, line, option).map(v -> values.put(Settings.name(option), v)).orElse(null);
      if (before != null) {
        throw wrong(path, command, "'" + line.getKey() + "' is set twice");
      }
    }
    return new SettingsFile(path, Map.copyOf(values));
  }

  private static JsonNode tree(Path path, CommandSpec command) {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw wrong(path, command, "more than " + MAX_BYTES + " bytes are no file of settings");
      }
      JsonNode tree = YAML.readTree(Files.readString(path));
      if (tree == null || tree.isMissingNode() || tree.isNull()) {
        return YAML.createObjectNode(); // nothing but comments
      }
      if (!tree.isObject()) {
        throw wrong(path, command, "a file of settings has lines such as 'port: 8000'");
      }
      return tree;
    } catch (IOException e) {
      throw wrong(path, command, "cannot be read: " + FileFault.why(e));
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw wrong(path, command, "is not valid YAML at line " + line + ": " + why(e));
    }
  }

  /** What was being read, and what was found instead; where is in the lines after these. */
  private static String why(JacksonException e) {
    if (e instanceof MismatchedInputException) {
      return "one document is all that it may have";
    }
    return e.getOriginalMessage()
        .lines()
        .takeWhile(line -> !line.startsWith(" "))
        .collect(Collectors.joining(", "));
  }

  private static OptionSpec option(Path path, String key, CommandSpec command) {
    String name = "--" + key.replace('_', '-');
    OptionSpec option = command.findOption(name);
    if (option == null
        || !Settings.isSetting(option)
        || Settings.name(option).equals(Settings.CONFIG)) {
      List<String> known =
          command.options().stream().filter(Settings::isSetting).map(Settings::name).toList();
      String meant =
          Nearest.to(name, known).map(m -> "; did you mean '" + m.substring(2) + "'?").orElse("");
      throw wrong(path, command, "there is no setting '" + key + "'" + meant);
    }
    return option;
  }

  /** A list is as on the command line; what is null or an empty list is not set. */
  private static Optional<String> value(
      Path path, Map.Entry<String, JsonNode> line, OptionSpec option) {
    JsonNode value = line.getValue();
    if (value.isNull()) {
      return Optional.empty();
    }
    if (value.isValueNode()) {
      return Optional.of(value.asString());
    }
    boolean mayBeMany = !option.isMultiValue() || !option.splitRegex().isEmpty();
    StringJoiner list = new StringJoiner(",");
    for (JsonNode element : value) {
      if (!value.isArray() || !mayBeMany || !element.isValueNode() || element.isNull()) {
        String right = mayBeMany ? "one value, or a list of values" : "one value";
        throw wrong(path, option.command(), "'" + line.getKey() + "' must be " + right);
      }
      list.add(element.asString());
    }
    return list.length() == 0 ? Optional.empty() : Optional.of(list.toString());
  }

  Optional<String> value(OptionSpec option) {
    return Optional.ofNullable(values.get(Settings.name(option)));
  }

  private static ParameterException wrong(Path path, CommandSpec command, String what) {
    return new ParameterException(command.commandLine(), path + ": " + what);
  }
}
