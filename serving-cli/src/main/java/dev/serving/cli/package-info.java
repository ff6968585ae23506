/**
 * The serving command: what users type, and the processes that it starts.
 *
 * <pre>
 * Main ─► ServingCommand ─► ServeCommand, DemoCommand       a server in this process
 *      │                    ViewerCommand, GenerateCommand  a viewer; one answer
 *      │                    ChatCommand, BenchCommand, …    clients of a server that runs
 *      └► EngineCommand, RankCommand                        a child's work: ChildWork
 * </pre>
 *
 * Read {@code ServeCommand} first, then {@code Server}. Groups:
 *
 * <pre>
 * options        ServerOptions, ModelOptions, TraceOptions, EngineJvmOptions, TlsOptions, …
 * who sets them  Settings: a flag, a variable, SettingsFile; PrintedConfig; HelpText
 * what is wrong  WrongUsage, FailureLine, StartException, Nearest; LastWords when a thread dies
 * processes      OwnCommand, ChildProcess (EngineChild, RankChild), KernelProcess, EarlyEngines
 * what is told   EngineSettings, RankSettings; ParentWatch, Shutdown, SecondSignal
 * what is left   RunDirectory, ProcessNotes, Journals
 * to a terminal  SafeText, ProgressLine, WhyText, JaegerTrace
 * for agents     McpCommand, AgentTools, AgentText, AgentLines
 * </pre>
 *
 * This package alone reads the environment and ends processes. Knows all modules, and nobody knows
 * it.
 */
package dev.serving.cli;
