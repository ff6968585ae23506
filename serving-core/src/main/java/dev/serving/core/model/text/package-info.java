/**
 * Text to tokens and back: the tokenizer of a checkpoint, its chat template, text that streams and
 * strings that stop it.
 *
 * <p>Whatever a client writes is text. It cannot become a special token, neither by spelling one in
 * a message nor by knowing how this package works; {@link dev.serving.core.model.text.ChatPrompt}
 * says how.
 */
package dev.serving.core.model.text;
