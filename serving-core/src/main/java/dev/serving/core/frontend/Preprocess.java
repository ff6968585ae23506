package dev.serving.core.frontend;

import static dev.serving.trace.GenAiAttributes.INPUT_MESSAGES;

import dev.serving.core.config.SamplingDefaults;
import dev.serving.core.frontend.api.AnswerWriter;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Prompt;
import dev.serving.core.frontend.api.RequestParser;
import dev.serving.core.frontend.api.Sampling;
import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.frontend.engines.EngineView;
import dev.serving.core.frontend.engines.Submission;
import dev.serving.core.message.Constraints;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.model.text.EndlessTextException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

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
          RequestParser.parse(generation.endpoint(), generation.exchange().body(), model.name());
      model.require(request.model());
      generation.parsed(request);
      generation
          .trace()
          .content(INPUT_MESSAGES, () -> GenAiContent.input(request, prompt -> model.text(prompt)));
      send(generation, request, tokens(generation, request));
    } catch (ApiException e) {
      refuse(generation, e.error());
    } catch (EndlessTextException e) {
      refuse(generation, ApiError.tooLong("prompt", "The prompt makes " + e.getMessage() + "."));
    } catch (RuntimeException e) {
      System.getLogger(Preprocess.class.getName())
          .log(System.Logger.Level.ERROR, "cannot prepare request " + generation.rid(), e);
      refuse(generation, ApiError.internal("The server failed; its log says why."));
    }
  }

  private static void refuse(Generation generation, ApiError error) {
    generation.trace().refused(error);
    generation.refused(error);
  }

  private List<int[]> tokens(Generation generation, GenerateRequest request) {
    Sampling sampling = request.sampling();
    sampling.logitBias().keySet().forEach(id -> model.requireToken("logit_bias", id));
    sampling.stopTokens().forEach(id -> model.requireToken("stop_token_ids", id));
    Set<Integer> allowed = sampling.constraints().allowedTokens();
    allowed.forEach(id -> model.requireToken("allowed_token_ids", id));
    List<int[]> prompts = new ArrayList<>();
    for (Prompt prompt : request.prompts()) {
      int[] tokens = generation.trace().detail("tokenize", () -> model.prompt(prompt));
      prompts.add(fitting(prompt, tokens, request));
    }
    return prompts;
  }

  /** Of a prompt's tokens those at its end that the client wants; refuses what does not fit. */
  private int[] fitting(Prompt prompt, int[] tokens, GenerateRequest request) {
    Integer asked = request.sampling().maxTokens();
    int output = asked == null ? 1 : Math.min(1, asked);
    int fits = maxModelLength() - output;
    int wanted = request.truncatePrompt();
    int kept = wanted < 0 ? fits : wanted == 0 ? tokens.length : wanted;
    if (Math.min(kept, tokens.length) > fits) {
      throw tooLong(prompt, Math.min(kept, tokens.length), output, maxModelLength());
    }
    return Arrays.copyOfRange(tokens, Math.max(0, tokens.length - kept), tokens.length);
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

  private static ApiException tooLong(Prompt prompt, int tokens, int output, int most) {
    String param = prompt instanceof Prompt.Chat ? "messages" : "prompt";
    return new ApiException(
        ApiError.tooLong(
            param,
            "'%s' has %d tokens; with at least %d to generate this model takes %d."
                .formatted(param, tokens, output, most)));
  }

  private void send(Generation generation, GenerateRequest request, List<int[]> prompts) {
    List<Choice> choices = new ArrayList<>();
    List<Generate> generates = new ArrayList<>();
    Constraints constraints = model.constraints(request.sampling());
    for (int index = 0; index < request.choices(); index++) {
      int[] tokens = prompts.get(index / request.n());
      String rid = request.choices() == 1 ? generation.rid() : generation.rid() + "-" + index;
      Generate generate = generate(generation, request, index, rid, tokens, constraints);
      generates.add(generate);
      choices.add(choice(generation, request, index, generate));
    }
    int promptTokens = prompts.stream().mapToInt(p -> p.length).sum();
    generation.prepare(writer(generation, request), promptTokens, choices);
    submit(generation, generates);
    generation.submitted();
  }

  private Choice choice(
      Generation generation, GenerateRequest request, int index, Generate generate) {
    Prompt prompt = request.prompts().get(index / request.n());
    String echo = request.echo() ? model.echo(prompt, generate.prompt(), request) : "";
    ChoiceTrace trace = generation.trace().choice(generate.rid());
    return new Choice(index, generate, trace, request, model, echo);
  }

  private Generate generate(
      Generation generation,
      GenerateRequest request,
      int index,
      String rid,
      int[] tokens,
      Constraints constraints) {
    SamplingDefaults defaults = model.defaults();
    int fits = maxModelLength() - tokens.length;
    return new Generate(
        rid,
        tokens,
        request.sampling().params(defaults, fits, index % request.n(), constraints),
        request.priority(),
        generation.trace().carrier());
  }

  private AnswerWriter writer(Generation generation, GenerateRequest request) {
    long now = System.currentTimeMillis() / 1000;
    return AnswerWriter.of(
        generation.endpoint(), generation.rid(), now, model.name(), request.includeUsage());
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
