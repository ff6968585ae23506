/** Hugging Face chat templates: lexer, parser, evaluator. */
package dev.serving.template;
