/** Receives, keeps and shows traces. */
package dev.serving.viewer;
