package io.linkops.bus;

/** Anything that travels on the event bus: always a deeply immutable record nested in a {@link Contract}. */
public sealed interface BusMessage permits Request, Event, Reply {}
