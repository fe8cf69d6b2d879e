package io.linkops.config;

/** How the connection to the mail server is protected. */
public enum MailTls {
    /** TLS after the greeting; without it nothing is sent. */
    STARTTLS,
    /** TLS from the first byte. */
    TLS,
    /** None: only for a mail server on this machine. */
    NONE
}
