package io.linkops.doctor;

/** Asks the repository's server for the branch: address, log-in and branch in one. */
@FunctionalInterface
public interface GitProbe {
    /**
     * Blocking.
     *
     * @return the commit the branch is at
     * @throws Exception whose message says what to do, without a credential
     */
    String tip() throws Exception;
}
