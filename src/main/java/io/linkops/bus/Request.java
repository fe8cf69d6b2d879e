package io.linkops.bus;

/**
 * A question one room asks another, answered with exactly one reply or one {@link Failure}.
 *
 * @param <R> what the answer is: a record nested in a contract
 */
public non-sealed interface Request<R extends Reply> extends BusMessage {}
