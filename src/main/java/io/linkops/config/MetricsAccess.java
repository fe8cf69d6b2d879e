package io.linkops.config;

/** Who may read /metrics. */
public enum MetricsAccess {
    /** Whoever has a token of any role. */
    TOKEN,
    /** Everybody who can connect. */
    OPEN,
    /** Nobody: it is not there. */
    OFF
}
