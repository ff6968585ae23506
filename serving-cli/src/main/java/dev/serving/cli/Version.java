package dev.serving.cli;

import picocli.CommandLine.IVersionProvider;

/** The version from the jar's manifest. */
final class Version implements IVersionProvider {
  /** The version, or {@code development} when run from classes. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "serving " + text(),
      "Java " + System.getProperty("java.version") + " on " + System.getProperty("os.name")
    };
  }
}
