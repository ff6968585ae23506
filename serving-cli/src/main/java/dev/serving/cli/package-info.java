/** The serving command. */
package dev.serving.cli;
