package dev.serving.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The file from which a command takes what is neither typed nor in a variable. */
final class ConfigFile {
  @Option(
      names = Settings.CONFIG,
      paramLabel = "FILE",
      description = "A file of settings in YAML: a line for each option, named without its dashes.")
  @SuppressWarnings("unused") // it is the option that Settings asks
  private Path config;
}
