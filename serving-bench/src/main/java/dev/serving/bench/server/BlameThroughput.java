package dev.serving.bench.server;

import com.sun.tools.attach.VirtualMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What knowing why requests were slow takes of a busy server's throughput: on one live server all
 * of it is left out and put in again by {@link BlameSwitch}, in pairs of windows, each with load
 * enough to fill the machine. Two servers side by side would differ by more than what is to be
 * measured. Beside it is what the server's processes took of the processors for a token, which
 * differs less from window to window.
 *
 * <p>Left out are the engine's notes and the messages they travel in, the frontend's memory of
 * tokens and names, its ledger, accounts, reports, and what is counted of them. The rest is the
 * server as it is.
 */
public final class BlameThroughput {
  private static final int CLIENTS = 16;
  private static final int FEW_TOKENS = 24;
  private static final int WINDOW_TOKENS = CLIENTS * FEW_TOKENS * 5;
  private static final int WARM_UP_SECONDS = 30; // until what makes accounts is compiled, too
  private static final double GOAL = 0.995;

  private final ServeProcess server;
  private final Load load;
  private final int tokens;
  private final int rounds;
  private final List<VirtualMachine> processes = new ArrayList<>();
  private final Random order = new Random(3);
  private final Ratios speeds = new Ratios();
  private final Ratios times = new Ratios();

  private BlameThroughput(ServeProcess server, int tokens) {
    this.server = server;
    this.tokens = tokens;
    rounds = Math.max(1, WINDOW_TOKENS / (CLIENTS * tokens));
    load = new Load(server.uri(), server.model(), CLIENTS, tokens);
  }

  /**
   * Takes how many seconds to measure (default 180), and how many tokens answers have (default 24:
   * a fixed part of an account is shared by few); runs in the project's directory, built.
   */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 180;
    int tokens = args.length > 1 ? Integer.parseInt(args[1]) : FEW_TOKENS;
    Path model = Path.of("models/serving-demo");
    try (ServeProcess server = ServeProcess.start(Path.of(""), model, "--lifecycle-log=off")) {
      BlameThroughput measured = new BlameThroughput(server, tokens);
      measured.attach();
      measured.check();
      measured.run(seconds);
      measured.tell();
    }
  }

  /** Nothing is measured unless what is turned off is off, and what is turned on on. */
  private void check() throws Exception {
    window(true);
    double before = accounted();
    window(true);
    if (accounted() != before) {
      throw new IllegalStateException("accounts are made although they are left out");
    }
    window(false);
    if (accounted() == before) {
      throw new IllegalStateException("no accounts are made although they are not left out");
    }
  }

  private double accounted() {
    return server.metric("serving_request_blame_seconds_total");
  }

  private void attach() throws Exception {
    for (long pid : server.pids()) {
      processes.add(VirtualMachine.attach(Long.toString(pid)));
    }
  }

  private void run(int seconds) throws Exception {
    for (long end = after(WARM_UP_SECONDS); System.nanoTime() - end < 0; ) {
      window(false);
      window(true);
    }
    for (long end = after(seconds); System.nanoTime() - end < 0; ) {
      boolean without = order.nextBoolean();
      Window first = window(without);
      Window second = window(!without);
      Window with = without ? second : first;
      Window off = without ? first : second;
      speeds.add(with.speed() / off.speed());
      times.add(with.nanosPerToken() / off.nanosPerToken());
    }
  }

  private static long after(int seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  /**
   * Some rounds of load.
   *
   * @param speed tokens a second
   * @param nanosPerToken what the server's processes ran on processors for one
   */
  private record Window(double speed, double nanosPerToken) {}

  private Window window(boolean without) throws Exception {
    turn(without ? "off" : "on");
    load.run(); // what was under way is over, and what is turned on has begun
    ProcessTimes before = server.times();
    long begin = System.nanoTime();
    for (int i = 0; i < rounds; i++) {
      load.run();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    double made = (double) CLIENTS * tokens * rounds;
    return new Window(made / seconds, server.times().minus(before).runNanos() / made);
  }

  private void turn(String word) throws Exception {
    String agent = Path.of("serving-bench/target/serving-bench.jar").toAbsolutePath().toString();
    for (VirtualMachine process : processes) {
      process.loadAgent(agent, word);
    }
  }

  private void tell() {
    System.out.printf(
        Locale.ROOT,
        "%d pairs of windows of %d answers of %d tokens, %d at once, with and without%n",
        speeds.count(),
        CLIENTS * rounds,
        tokens,
        CLIENTS);
    System.out.printf("throughput      %s, goal %.3f%n", line(speeds), GOAL);
    System.out.printf("processor time  %s%n", line(times));
    System.out.println(speeds.median() >= GOAL ? "reached" : "missed");
  }

  private static String line(Ratios ratios) {
    return String.format(
        Locale.ROOT,
        "%.4f of without (the true median lies within %.4f and %.4f by 95 %%)",
        ratios.median(),
        ratios.interval()[0],
        ratios.interval()[1]);
  }
}
