/**
 * Hugging Face chat templates. {@link dev.serving.template.ChatTemplate} is the door; a template
 * goes through:
 *
 * <pre>
 * Source ─► Lexer ─► TokenStream ─► StatementParser, ExpressionParser ─► Statement, Expression
 *                                                                            │ Rendering, Scope
 * messages ─► JavaValues ─► Value: Text, Num, Items, Dict, … ◄───────────────┘
 *                             what can be done with them: Filters, Tests, Globals, …Methods
 * </pre>
 *
 * {@link dev.serving.template.TemplateLimits} bounds steps, depth, output and time ({@code
 * Budget}). A {@code Text} knows of each of its characters whether a template or a stranger wrote
 * it.
 *
 * <p>Knows nothing but Java: no JSON library, no tokenizer, no API.
 */
package dev.serving.template;
