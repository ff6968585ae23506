/**
 * What is to happen when a part of a process can no longer do its work, and how to tell it from one
 * that is not let. Knows nobody: every part may call it.
 */
package dev.serving.core.fault;
