package io.linkops.bus;

/**
 * Something that happened, told to whoever listens; nobody answers. Delivery is at most once: a listener that must not
 * miss anything reads the store or the journal as well.
 */
public non-sealed interface Event extends BusMessage {}
