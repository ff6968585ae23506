/** The inference server. */
package dev.serving.core;
