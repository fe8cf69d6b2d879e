package io.linkops.ssh;

/**
 * What a link's client id file showed, read on the very connection that would run the script.
 *
 * @param content the file's content as it is, white space included; empty unless status is OK
 * @param error why there is no content, for people; empty if status is OK
 */
public record ClientIdReading(Status status, String content, String error) {

    /** Whether the file could be read. */
    public enum Status {
        OK,
        /** No such file. */
        MISSING,
        /** The file, or a directory above it, may not be read by the user who logged in. */
        DENIED,
        /** Not a regular text file: a directory, FIFO, device, dangling link, or bytes that are not text. */
        IRREGULAR,
        /** Longer than 256 bytes. */
        TOO_LARGE
    }
}
