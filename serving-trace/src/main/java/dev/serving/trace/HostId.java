package dev.serving.trace;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Which machine this is: its machine id, else an address of its hardware, else {@code unknown}. */
final class HostId {
  private static final List<Path> FILES =
      List.of(Path.of("/etc/machine-id"), Path.of("/var/lib/dbus/machine-id"));

  private HostId() {}

  static String find() {
    return find(FILES, HostId::hardwareAddress);
  }

  static String find(List<Path> files, Supplier<Optional<String>> hardware) {
    Stream<Optional<String>> fromFiles = files.stream().map(HostId::machineId);
    return Stream.concat(fromFiles, Stream.of(hardware).map(Supplier::get))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse("unknown");
  }

  private static Optional<String> machineId(Path file) {
    try {
      return Optional.of(Files.readString(file).strip()).filter(id -> !id.isEmpty());
    } catch (IOException | InvalidPathException | SecurityException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> hardwareAddress() {
    try {
      Enumeration<NetworkInterface> all = NetworkInterface.getNetworkInterfaces();
      while (all != null && all.hasMoreElements()) {
        byte[] address = all.nextElement().getHardwareAddress();
        if (address != null && address.length == 6) {
          return Optional.of(HexFormat.of().formatHex(address));
        }
      }
    } catch (SocketException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
