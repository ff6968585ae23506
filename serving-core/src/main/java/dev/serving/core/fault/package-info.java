/** What is to happen when a part of a process can no longer do its work. */
package dev.serving.core.fault;
