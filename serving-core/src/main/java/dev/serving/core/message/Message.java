package dev.serving.core.message;

/**
 * What workers say to one another over ZeroMQ. Immutable; each kind is a record whose constructor
 * refuses what could not be meant, so a message that arrived is a message that can be acted on.
 *
 * <p>The kinds are grouped by who reads them: {@link EngineMessage}, {@link FrontendMessage},
 * {@link RankMessage}, {@link SchedulerMessage}.
 */
public sealed interface Message
    permits EngineMessage, FrontendMessage, RankMessage, SchedulerMessage {}
