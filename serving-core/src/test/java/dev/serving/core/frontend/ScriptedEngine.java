package dev.serving.core.frontend;

import dev.serving.core.message.EngineMessage.Cancel;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.EngineMessage.Pause;
import dev.serving.core.message.EngineMessage.Resume;
import dev.serving.core.message.EngineMessage.SetTracing;
import dev.serving.core.message.EngineMessage.Shutdown;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.FrontendMessage.StepsDone;
import dev.serving.core.message.Link;
import dev.serving.core.message.LinkPoll;
import dev.serving.core.message.Message;
import dev.serving.core.message.Spoke;
import dev.serving.core.message.TokenLogprobs;
import dev.serving.core.message.TracingLevels;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceSlice;
import dev.serving.trace.TraceSpanName;
import dev.serving.trace.TraceThreadContext;
import dev.serving.trace.Tracing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.zeromq.ZContext;

/**
 * The other end of the wire: speaks an engine's messages over a real link, one token for each open
 * sequence in each step, from a script that the test gives.
 */
final class ScriptedEngine extends PlayedEngine {
  private final int dpRank;
  private final Tracing tracing;
  private final Function<Generate, List<Integer>> script;
  private final Map<String, Sequence> open = new LinkedHashMap<>();
  final List<Generate> generates = new CopyOnWriteArrayList<>();
  final List<Cancel> cancels = new CopyOnWriteArrayList<>();
  final List<TracingLevels> levels = new CopyOnWriteArrayList<>();

  /** Whose clients do not read. */
  final Set<String> paused = ConcurrentHashMap.newKeySet();

  /** While true, it goes on all the same. */
  volatile boolean heedless;

  /** While false, sequences wait after this many tokens. */
  volatile boolean running = true;

  volatile int pauseAfter;

  /** Tokens that a sequence gets in one step. */
  volatile int burst = 1;

  /** Sent as its notes of steps before the next output, once. */
  volatile byte[] notes;

  private final int modelLength;
  volatile boolean mute;
  volatile String refuse;
  volatile FinishReason refuseAs = FinishReason.REFUSED;
  private volatile boolean ended;
  private Spoke spoke;

  ScriptedEngine(
      int dpRank, int modelLength, Tracing tracing, Function<Generate, List<Integer>> script) {
    this.modelLength = modelLength;
    this.dpRank = dpRank;
    this.tracing = tracing;
    this.script = script;
  }

  void start(String address, String identity) {
    Thread thread = new Thread(() -> run(address, identity), "scripted-engine-" + dpRank);
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends as a killed process does: no word, and an exit code. */
  void die() {
    ended = true;
    exit.join();
  }

  private void run(String address, String identity) {
    tracing.threadInfo("worker", 0, dpRank);
    try (ZContext context = new ZContext();
        Spoke link = Spoke.connect(context, address, identity);
        LinkPoll poll = new LinkPoll(link)) {
      spoke = link;
      spoke.send(new EngineReady(List.of(pid()), modelLength, 64, 16, 1000, 5));
      long steps = 0;
      while (!ended) {
        poll.await(2);
        for (var got = spoke.receive(); got.isPresent(); got = spoke.receive()) {
          got.map(Link.Received::message).ifPresent(this::handle);
        }
        if (notes != null) {
          spoke.send(new StepsDone(notes, System.nanoTime()));
          notes = null;
        }
        if (!mute) {
          step();
          spoke.send(new EngineStatus(open.size(), 0, 0, open.size(), 64, steps++, 0));
        }
      }
    } finally {
      open.values().forEach(s -> s.context.abort(0, "killed"));
      exit.complete(137);
    }
  }

  private void handle(Message message) {
    if (message instanceof Generate generate) {
      generates.add(generate);
      accept(generate);
    } else if (message instanceof Cancel cancel) {
      cancels.add(cancel);
      Optional.ofNullable(open.remove(cancel.rid())).ifPresent(s -> s.end(cancel.reason()));
    } else if (message instanceof Pause pause) {
      paused.add(pause.rid());
    } else if (message instanceof Resume resume) {
      paused.remove(resume.rid());
    } else if (message instanceof SetTracing set) {
      levels.add(set.levels());
    } else if (message instanceof Shutdown) {
      ended = true;
    }
  }

  private void accept(Generate generate) {
    if (refuse != null) {
      send(
          new Output(
              generate.rid(), List.of(), List.of(), 0, refuseAs, refuse, TraceCarrier.none()));
    } else {
      open.put(generate.rid(), new Sequence(generate));
    }
  }

  private void step() {
    for (Sequence sequence : List.copyOf(open.values())) {
      boolean read = heedless || !paused.contains(sequence.generate.rid());
      if (read && (running || sequence.next < pauseAfter)) {
        sequence.step();
      }
    }
  }

  private void send(Output output) {
    if (!spoke.send(output)) {
      throw new IllegalStateException("the frontend does not read");
    }
  }

  @Override
  public void destroy() {
    ended = true;
  }

  private final class Sequence {
    private final Generate generate;
    private final List<Integer> tokens;
    private final TraceReqContext context;
    private final TraceThreadContext lane;
    private final TraceSlice decode;
    private int next;

    Sequence(Generate generate) {
      this.generate = generate;
      this.tokens = script.apply(generate);
      this.context = tracing.joinRequest(generate.rid(), generate.carrier(), 0);
      this.lane = context.lane();
      this.decode = lane.slice(TraceSpanName.DECODE);
      if (generate.sampling().scoresPrompt()) {
        send(scores());
      }
    }

    /** Each token of the prompt is one in four. */
    private Output scores() {
      List<TokenLogprobs> scores = new ArrayList<>();
      Arrays.stream(generate.prompt())
          .skip(1)
          .forEach(t -> scores.add(new TokenLogprobs(-0.25f, 1, List.of(t), List.of(-0.25f))));
      TraceCarrier none = TraceCarrier.none();
      return new Output(generate.rid(), List.of(), List.of(), 0, null, null, none, scores, 0);
    }

    void step() {
      int from = next;
      int limit = Math.min(tokens.size(), generate.sampling().maxTokens());
      next = Math.min(limit, next + burst);
      FinishReason finish = null;
      if (next == limit) {
        finish = limit == tokens.size() && limit > 0 ? FinishReason.STOP : FinishReason.LENGTH;
        open.remove(generate.rid());
      }
      send(output(tokens.subList(from, next), finish));
    }

    void end(FinishReason reason) {
      send(output(List.of(), reason));
    }

    private Output output(List<Integer> list, FinishReason finish) {
      TraceCarrier carrier = TraceCarrier.none();
      if (finish != null) {
        carrier = context.carrier();
        decode.end();
        lane.close();
        context.finish();
      }
      List<TokenLogprobs> logprobs = new ArrayList<>();
      if (generate.sampling().topLogprobs() >= 0) {
        list.forEach(t -> logprobs.add(new TokenLogprobs(-0.5f, 1, List.of(t), List.of(-0.5f))));
      }
      return new Output(generate.rid(), list, logprobs, 3, finish, null, carrier);
    }
  }
}
