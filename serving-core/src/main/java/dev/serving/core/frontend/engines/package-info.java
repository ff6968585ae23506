/**
 * The frontend's engines: starts them, watches them, chooses one for each request, and hears what
 * they make of it.
 *
 * <p>Read in this order:
 *
 * <ol>
 *   <li>{@code EngineClient}: the door. Other threads leave commands; the thread {@code link}
 *       carries them out, and owns everything else in this package.
 *   <li>{@code EngineFleet}: which request is with which engine; each gets exactly one last output.
 *   <li>{@code EngineSlot}: one engine's place: its process, its phase, its open requests. {@code
 *       EngineView} is what others see of it.
 *   <li>{@code EngineSupervisor}: launches, watches ({@code Pulse}) and restarts ({@code
 *       RestartBackoff}).
 *   <li>{@code EngineRouting}: which engine is to take a prompt.
 * </ol>
 *
 * <p>Knows neither HTTP nor texts nor spans: a {@code Submission} goes in, an {@code
 * OutputListener} hears outputs.
 */
package dev.serving.core.frontend.engines;
