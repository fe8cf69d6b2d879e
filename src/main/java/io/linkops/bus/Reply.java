package io.linkops.bus;

/** What a {@link Request} is answered with. */
public non-sealed interface Reply extends BusMessage {}
