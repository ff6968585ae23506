/** One log line at each border between the stages of a request, whichever process it is in. */
package dev.serving.core.lifecycle;
