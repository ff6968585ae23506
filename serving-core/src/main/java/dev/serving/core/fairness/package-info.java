/**
 * What is fair among clients where they crowd: at the door of the frontend, before its threads, in
 * an engine's queue. Knows nobody: every part may call it.
 */
package dev.serving.core.fairness;
