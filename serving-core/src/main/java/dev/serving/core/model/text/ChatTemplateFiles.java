package dev.serving.core.model.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serving.template.ChatTemplate;
import dev.serving.template.Literal;
import dev.serving.template.TemplateException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The chat templates of a checkpoint by name, and the special tokens that they are given, from
 * wherever transformers 4 and 5 keep them.
 *
 * @param templates compiled, by name; {@code default} is the usual one; empty if there is none
 * @param specials variables such as {@code bos_token}
 */
record ChatTemplateFiles(Map<String, ChatTemplate> templates, Map<String, Literal> specials) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN and Infinity
          .build();

  static ChatTemplateFiles read(Path directory) {
    JsonNode config = json(directory.resolve("tokenizer_config.json"));
    Map<String, Literal> specials = new HashMap<>();
    addSpecials(specials, json(directory.resolve("special_tokens_map.json")));
    addSpecials(specials, config);
    return new ChatTemplateFiles(templates(directory, config), specials);
  }

  private static Map<String, ChatTemplate> templates(Path directory, JsonNode config) {
    Map<String, ChatTemplate> templates = new LinkedHashMap<>();
    addTemplates(templates, directory.resolve("chat_template.json"));
    addTemplates(templates, directory.resolve("tokenizer_config.json"), config);
    try {
      Path own = directory.resolve("chat_template.jinja");
      if (Files.isRegularFile(own)) {
        templates.put("default", compile(own, Files.readString(own)));
      }
      addNamed(templates, directory.resolve("additional_chat_templates"));
    } catch (IOException e) {
      throw new TokenizerException("the chat template cannot be read: " + e.getMessage(), e);
    }
    return templates;
  }

  private static void addTemplates(Map<String, ChatTemplate> templates, Path file) {
    addTemplates(templates, file, json(file));
  }

  private static void addTemplates(Map<String, ChatTemplate> templates, Path file, JsonNode json) {
    JsonNode template = json.path("chat_template");
    if (template.isString()) {
      templates.put("default", compile(file, template.asString()));
    }
    for (JsonNode named : template) {
      String source = named.path("template").asString("");
      templates.put(named.path("name").asString("default"), compile(file, source));
    }
  }

  private static void addNamed(Map<String, ChatTemplate> templates, Path folder)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jinja")) {
      for (Path file : files) {
        String name = file.getFileName().toString().replaceFirst("\\.jinja$", "");
        templates.put(name, compile(file, Files.readString(file)));
      }
    }
  }

  private static ChatTemplate compile(Path file, String source) {
    try {
      return ChatTemplate.compile(source);
    } catch (TemplateException e) {
      throw new TokenizerException("the chat template in " + file + ": " + e.getMessage(), e);
    }
  }

  private static void addSpecials(Map<String, Literal> specials, JsonNode json) {
    json.properties()
        .forEach(
            entry -> {
              JsonNode token = entry.getValue();
              JsonNode text = token.isObject() ? token.path("content") : token;
              if (entry.getKey().endsWith("_token") && text.isString()) {
                specials.put(entry.getKey(), new Literal(text.asString()));
              }
            });
  }

  /** Returns the JSON in {@code file}; an empty object if there is no such file. */
  private static JsonNode json(Path file) {
    if (!Files.isRegularFile(file)) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(Files.readString(file, UTF_8));
    } catch (IOException | JacksonException e) {
      throw new TokenizerException(file + " is not readable JSON: " + e.getMessage(), e);
    }
  }
}
