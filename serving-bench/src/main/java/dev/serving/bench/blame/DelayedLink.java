package dev.serving.bench.blame;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A link between frontend and engine on which everything takes longer: the engine is told the
 * address of this instead of the frontend's. It is told so by what starts it: a frontend starts the
 * {@code java} of its own home, and the {@link #home} that it is given has one that puts this
 * address into the first line that it reads.
 */
final class DelayedLink implements AutoCloseable {
  private static final int DELAY_MS = 40;
  private static final int BUFFER = 1 << 16;

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Path home;
  private final Path target;

  DelayedLink(Path directory) throws IOException {
    home = directory.resolve("java");
    target = directory.resolve("frontend-port");
    Path real = Path.of(System.getProperty("java.home"));
    Files.createDirectories(home.resolve("bin"));
    try (Stream<Path> parts = Files.list(real)) {
      for (Path part : parts.filter(p -> !p.endsWith("bin")).toList()) {
        Files.createSymbolicLink(home.resolve(part.getFileName()), part);
      }
    }
    Path java = home.resolve("bin/java");
    Files.writeString(java, script(real.resolve("bin/java")));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    start("delayed-link", this::accept);
  }

  private String script(Path java) {
    return """
        #!/bin/bash
        IFS= read -r line
        [[ $line =~ tcp://127.0.0.1:([0-9]+) ]] && echo "${BASH_REMATCH[1]}" > '%s'
        exec '%s' "$@" < <(
          printf '%%s\\n' "${line/tcp:\\/\\/127.0.0.1:${BASH_REMATCH[1]}/tcp:\\/\\/127.0.0.1:%d}"
          exec cat)
        """
        .formatted(target, java, listener.getLocalPort());
  }

  /** What the frontend's {@code java.home} has to be. */
  Path home() {
    return home;
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) { // one side has closed
                System.getLogger(DelayedLink.class.getName())
                    .log(System.Logger.Level.DEBUG, name, e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket engine = listener.accept();
      int port = Integer.parseInt(Files.readString(target).strip());
      Socket frontend = new Socket(InetAddress.getLoopbackAddress(), port);
      engine.setTcpNoDelay(true);
      frontend.setTcpNoDelay(true);
      pipe(engine.getInputStream(), frontend.getOutputStream());
      pipe(frontend.getInputStream(), engine.getOutputStream());
    }
  }

  private record Piece(long dueNs, byte[] bytes) {}

  private static void pipe(InputStream in, OutputStream out) {
    BlockingQueue<Piece> onTheWay = new LinkedBlockingQueue<>();
    start(
        "delayed-read",
        () -> {
          byte[] buffer = new byte[BUFFER];
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DELAY_MS);
            onTheWay.add(new Piece(due, Arrays.copyOf(buffer, read)));
          }
        });
    start(
        "delayed-write",
        () -> {
          while (true) {
            Piece piece = onTheWay.take();
            TimeUnit.NANOSECONDS.sleep(piece.dueNs() - System.nanoTime());
            out.write(piece.bytes());
            out.flush();
          }
        });
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
