package dev.serving.core.frontend;

import dev.serving.core.frontend.api.AnswerWriter;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Json;
import dev.serving.core.frontend.api.Piece;
import dev.serving.core.frontend.api.Usage;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.FrontendMessage.Outputs;
import dev.serving.core.message.MessageCodec;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.Tracing;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes tokens of requests that nobody asked, and answers of tokens that no engine made, while the
 * engines load: else the first real one would wait for all that a JVM does but once, some tenths of
 * a second. Nobody hears of it, and nothing of it is counted or traced.
 */
final class Rehearsal {
  private static final System.Logger LOG = System.getLogger(Rehearsal.class.getName());
  private static final String RID = "rehearsal";

  private final ServedModel model;
  private final Preprocess preprocess;

  private Rehearsal(ServedModel model) {
    this.model = model;
    preprocess = new Preprocess(model, () -> Integer.MAX_VALUE);
  }

  /** Begins on a thread of its own, which ends soon. */
  static void start(ServedModel model) {
    Thread thread = new Thread(() -> new Rehearsal(model).run(), "rehearsal");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      rehearse(Endpoint.COMPLETION, "\"prompt\": \"Hello\"");
      rehearse(Endpoint.CHAT, "\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]");
    } catch (ApiException e) { // what this model does not have
      LOG.log(System.Logger.Level.DEBUG, "not rehearsed: " + e.error().message());
    } catch (RuntimeException e) { // the server is closed already
      LOG.log(System.Logger.Level.DEBUG, "the rehearsal broke off", e);
    }
  }

  private void rehearse(Endpoint endpoint, String prompt) {
    String body = "{\"model\": %s, %s}".formatted(Json.text(model.name()), prompt);
    GenerateRequest request = preprocess.parse(endpoint, body.getBytes(StandardCharsets.UTF_8));
    RequestTrace trace = RequestTrace.start(Tracing.noop(), endpoint, null, 0, RID, false);
    Prepared made = preprocess.prepare(endpoint, RID, "", request, trace);
    for (Generate generate : made.generates()) {
      MessageCodec.copy(generate);
      MessageCodec.copy(new Outputs(List.of(last(generate))));
      answer(made.choices().get(generate.rid()), last(generate), made.writer());
    }
  }

  /** Says the prompt's last token, and no more. */
  private static Output last(Generate generate) {
    List<Integer> said = List.of(generate.prompt()[generate.prompt().length - 1]);
    return new Output(
        generate.rid(), said, List.of(), 0, FinishReason.LENGTH, null, TraceCarrier.none());
  }

  private static void answer(Choice choice, Output output, AnswerWriter writer) {
    Piece piece = choice.push(output);
    writer.chunk(piece);
    choice.keep(piece);
    writer.whole(List.of(choice.whole()), Usage.of(1, 1, 0), null);
  }
}
