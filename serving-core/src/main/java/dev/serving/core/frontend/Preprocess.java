package dev.serving.core.frontend;

import static dev.serving.trace.GenAiAttributes.INPUT_MESSAGES;

import dev.serving.core.config.SamplingDefaults;
import dev.serving.core.frontend.api.AnswerWriter;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Prompt;
import dev.serving.core.frontend.api.RequestParser;
import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.frontend.engines.EngineView;
import dev.serving.core.frontend.engines.Submission;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.model.text.EndlessTextException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The work of the preprocess threads: parses a body, makes tokens of its prompts, and sends one
 * {@link Generate} for each choice to the engine.
 */
final class Preprocess {
  /** In an array, and in the message to the engine. */
  private static final long TOKEN_BYTES = 9;

  private final ServedModel model;
  private final EngineClient engines;
  private final long timeoutNanos;

  Preprocess(ServedModel model, EngineClient engines, long timeoutNanos) {
    this.model = model;
    this.engines = engines;
    this.timeoutNanos = timeoutNanos;
  }

  /** Does all of it for one request; whatever goes wrong is told to its client. */
  void work(Generation generation) {
    try {
      GenerateRequest request =
          RequestParser.parse(generation.endpoint(), generation.exchange().body());
      model.require(request.model());
      generation.parsed(request);
      generation
          .trace()
          .content(
              INPUT_MESSAGES,
              () -> GenAiContent.input(request, prompt -> model.text(prompt, true)));
      send(generation, request, tokens(generation, request));
    } catch (ApiException e) {
      generation.trace().refused(e);
      generation.refused(e.error());
    } catch (EndlessTextException e) {
      generation.trace().refused(e);
      generation.refused(ApiError.tooLong("prompt", "The prompt makes " + e.getMessage() + "."));
    } catch (RuntimeException e) {
      System.getLogger(Preprocess.class.getName())
          .log(System.Logger.Level.ERROR, "cannot prepare request " + generation.rid(), e);
      generation.trace().refused(e);
      generation.refused(ApiError.internal("The server failed; its log says why."));
    }
  }

  private List<int[]> tokens(Generation generation, GenerateRequest request) {
    int most = maxModelLength();
    request.sampling().logitBias().keySet().forEach(id -> model.requireToken("logit_bias", id));
    request.sampling().stopTokens().forEach(id -> model.requireToken("stop_token_ids", id));
    List<int[]> prompts = new ArrayList<>();
    for (Prompt prompt : request.prompts()) {
      int[] tokens = generation.trace().detail("tokenize", () -> model.tokens(prompt));
      if (tokens.length >= most) {
        throw tooLong(prompt, tokens.length, most);
      }
      prompts.add(tokens);
    }
    return prompts;
  }

  private int maxModelLength() {
    OptionalInt most =
        engines.engines().stream()
            .filter(EngineView::serves)
            .mapToInt(e -> e.ready().maxModelLength())
            .min();
    return most.orElseThrow(
        () -> new ApiException(ApiError.unavailable("no_engine", "No engine is ready.")));
  }

  private static ApiException tooLong(Prompt prompt, int tokens, int most) {
    String param = prompt instanceof Prompt.Chat ? "messages" : "prompt";
    return new ApiException(
        ApiError.tooLong(
            param,
            "'%s' has %d tokens; with at least one to generate this model takes %d."
                .formatted(param, tokens, most)));
  }

  private void send(Generation generation, GenerateRequest request, List<int[]> prompts) {
    List<Choice> choices = new ArrayList<>();
    List<Generate> generates = new ArrayList<>();
    for (int index = 0; index < request.choices(); index++) {
      int[] tokens = prompts.get(index / request.n());
      String rid = request.choices() == 1 ? generation.rid() : generation.rid() + "-" + index;
      Generate generate = generate(generation, request, index, rid, tokens);
      generates.add(generate);
      choices.add(choice(generation, request, index, generate));
    }
    int promptTokens = prompts.stream().mapToInt(p -> p.length).sum();
    generation.prepare(writer(generation), promptTokens, choices);
    submit(generation, generates);
    generation.submitted();
  }

  private Choice choice(
      Generation generation, GenerateRequest request, int index, Generate generate) {
    Prompt prompt = request.prompts().get(index / request.n());
    String echo = request.echo() ? model.text(prompt, request.keepSpecial()) : "";
    ChoiceTrace trace = generation.trace().choice(generate.rid());
    return new Choice(index, generate, trace, request, model, echo);
  }

  private Generate generate(
      Generation generation, GenerateRequest request, int index, String rid, int[] tokens) {
    SamplingDefaults defaults = model.defaults();
    int fits = maxModelLength() - tokens.length;
    return new Generate(
        rid,
        tokens,
        request.sampling().params(defaults, fits, index % request.n()),
        request.priority(),
        generation.trace().carrier());
  }

  private AnswerWriter writer(Generation generation) {
    long now = System.currentTimeMillis() / 1000;
    return AnswerWriter.of(generation.endpoint(), generation.rid(), now, model.name());
  }

  private void submit(Generation generation, List<Generate> generates) {
    long deadline = generation.exchange().head().firstByteNanos() + timeoutNanos;
    long bytes = generates.stream().mapToLong(g -> TOKEN_BYTES * g.prompt().length).sum();
    if (!generation.exchange().hold(bytes)) {
      throw new ApiException(ApiError.crowded());
    }
    Submission submission = new Submission(generates, generation, deadline);
    if (!generation.trace().dispatch(() -> engines.submit(submission))) {
      throw new ApiException(
          ApiError.unavailable("overloaded", "Too many requests wait; try again later."));
    }
  }
}
