/**
 * Settings, one record a concern, each checked in its constructor with a message that names the
 * option, built once at the top and passed down.
 *
 * <p>{@code FrontendConfig} holds what a frontend is told ({@code ListenConfig}, {@code
 * HttpLimits}, {@code EnginesConfig}, {@code ApiKeys}), {@code EngineConfig} what an engine is
 * ({@code WorkerConfig} with {@code CacheConfig} and {@code SchedulerConfig}); {@code Deployment}
 * is both sides' word on what runs. {@code BlameLimits} is what nobody sets and others must know. A
 * default stands here and nowhere else.
 *
 * <p>Knows neither who reads settings (options, variables, files) nor who obeys them.
 */
package dev.serving.core.config;
