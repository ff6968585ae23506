/**
 * One log line at each border between the stages of a request, whichever process it is in: {@code
 * LifecycleEvent} has the borders, {@code LifecycleLog} writes. Who stands at a border calls it.
 *
 * <p>Knows no frontend, engine or message.
 */
package dev.serving.core.lifecycle;
