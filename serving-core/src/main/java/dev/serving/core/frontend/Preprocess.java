package dev.serving.core.frontend;

import dev.serving.core.config.SamplingDefaults;
import dev.serving.core.frontend.api.AnswerWriter;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Prompt;
import dev.serving.core.frontend.api.RequestParser;
import dev.serving.core.frontend.api.Sampling;
import dev.serving.core.message.Constraints;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.model.text.EndlessTextException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The work of the preprocess threads: parses a body, makes tokens of its prompts and one {@link
 * Generate} for each choice. Knows nobody's state: a body goes in, a {@link Prepared} comes out.
 */
final class Preprocess {
  private final ServedModel model;
  private final IntSupplier mostTokens;

  /**
   * For a model.
   *
   * @param mostTokens of a sequence; an {@link ApiException} where no engine can say
   */
  Preprocess(ServedModel model, IntSupplier mostTokens) {
    this.model = model;
    this.mostTokens = mostTokens;
  }

  /**
   * Reads a body.
   *
   * @throws ApiException when it is no request that can be served
   */
  GenerateRequest parse(Endpoint endpoint, byte[] body) {
    GenerateRequest request = RequestParser.parse(endpoint, body, model.name());
    model.require(request.model());
    return request;
  }

  /** A prompt as a text, for who may read it in a trace. */
  String text(Prompt prompt) {
    return model.text(prompt);
  }

  /**
   * Makes tokens of a request's prompts, and what an engine is asked for.
   *
   * @param client whose it is
   * @throws ApiException when it cannot be served
   */
  Prepared prepare(
      Endpoint endpoint, String rid, String client, GenerateRequest request, RequestTrace trace) {
    List<int[]> prompts = tokens(request, trace);
    List<Choice> choices = new ArrayList<>();
    List<Generate> generates = new ArrayList<>();
    Constraints constraints = model.constraints(request.sampling());
    for (int index = 0; index < request.choices(); index++) {
      int[] tokens = prompts.get(index / request.n());
      String id = request.choices() == 1 ? rid : rid + "-" + index;
      Generate generate = generate(request, trace, index, id, client, tokens, constraints);
      generates.add(generate);
      choices.add(choice(request, trace, index, generate));
    }
    int promptTokens = prompts.stream().mapToInt(p -> p.length).sum();
    return new Prepared(
        writer(endpoint, rid, request), new Choices(choices, promptTokens, request.n()), generates);
  }

  private List<int[]> tokens(GenerateRequest request, RequestTrace trace) {
    Sampling sampling = request.sampling();
    sampling.logitBias().keySet().forEach(id -> model.requireToken("logit_bias", id));
    sampling.stopTokens().forEach(id -> model.requireToken("stop_token_ids", id));
    Set<Integer> allowed = sampling.constraints().allowedTokens();
    allowed.forEach(id -> model.requireToken("allowed_token_ids", id));
    List<int[]> prompts = new ArrayList<>();
    for (Prompt prompt : request.prompts()) {
      int[] tokens = trace.detail("tokenize", () -> tokens(prompt));
      prompts.add(fitting(prompt, tokens, request));
    }
    return prompts;
  }

  private int[] tokens(Prompt prompt) {
    try {
      return model.prompt(prompt);
    } catch (EndlessTextException e) {
      throw new ApiException(
          ApiError.tooLong(param(prompt), "The prompt makes " + e.getMessage() + "."));
    }
  }

  /** Of a prompt's tokens those at its end that the client wants; refuses what does not fit. */
  private int[] fitting(Prompt prompt, int[] tokens, GenerateRequest request) {
    Integer asked = request.sampling().maxTokens();
    int output = asked == null ? 1 : Math.min(1, asked);
    int fits = mostTokens.getAsInt() - output;
    int wanted = request.truncatePrompt();
    int kept = wanted < 0 ? fits : wanted == 0 ? tokens.length : wanted;
    if (Math.min(kept, tokens.length) > fits) {
      throw tooLong(prompt, Math.min(kept, tokens.length), output, mostTokens.getAsInt());
    }
    return Arrays.copyOfRange(tokens, Math.max(0, tokens.length - kept), tokens.length);
  }

  private static ApiException tooLong(Prompt prompt, int tokens, int output, int most) {
    String param = param(prompt);
    return new ApiException(
        ApiError.tooLong(
            param,
            "'%s' has %d tokens; with at least %d to generate this model takes %d."
                .formatted(param, tokens, output, most)));
  }

  private Choice choice(GenerateRequest request, RequestTrace trace, int index, Generate generate) {
    Prompt prompt = request.prompts().get(index / request.n());
    String echo = request.echo() ? model.echo(prompt, generate.prompt(), request) : "";
    return new Choice(index, generate, trace.choice(generate.rid()), request, model, echo);
  }

  private Generate generate(
      GenerateRequest request,
      RequestTrace trace,
      int index,
      String rid,
      String client,
      int[] tokens,
      Constraints constraints) {
    SamplingDefaults defaults = model.defaults();
    int fits = mostTokens.getAsInt() - tokens.length;
    return new Generate(
        rid,
        client,
        tokens,
        request.sampling().params(defaults, fits, index % request.n(), constraints),
        request.priority(),
        trace.carrier());
  }

  private AnswerWriter writer(Endpoint endpoint, String rid, GenerateRequest request) {
    long now = System.currentTimeMillis() / 1000;
    return AnswerWriter.of(endpoint, rid, now, model.name(), request.includeUsage());
  }

  private static String param(Prompt prompt) {
    return prompt instanceof Prompt.Chat ? "messages" : "prompt";
  }
}
