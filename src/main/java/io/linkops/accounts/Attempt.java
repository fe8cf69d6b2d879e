package io.linkops.accounts;

/**
 * Whose password is tried, and from where.
 *
 * @param lane see {@link AttemptStore#lane}
 */
record Attempt(String username, String ip, String lane) {}
