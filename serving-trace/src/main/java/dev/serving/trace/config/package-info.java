/**
 * What tracing is told: records that check themselves, each with a {@code DEFAULT} and {@code with}
 * methods. {@link dev.serving.trace.config.OtlpConfig} is the receiver, {@link
 * dev.serving.trace.config.BatchConfig} the way there, {@link
 * dev.serving.trace.config.SamplingConfig} which requests, {@link
 * dev.serving.trace.config.ServiceConfig} who, {@link dev.serving.trace.config.ContentConfig} what
 * of prompts and answers. {@code TracingConfig}, beside {@code Tracing}, holds one of each; its
 * builder hands them to lambdas, so that few users need a name from here.
 */
@NullMarked
package dev.serving.trace.config;

import org.jspecify.annotations.NullMarked;
