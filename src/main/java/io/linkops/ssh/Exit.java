package io.linkops.ssh;

import org.jspecify.annotations.Nullable;

/**
 * How a script ended.
 *
 * @param code its exit status; after a signal 128 + the signal's number, as shells count
 * @param signal the name of the signal that ended it, without SIG; null if it exited by itself
 */
public record Exit(int code, @Nullable String signal) {
    public boolean isSuccess() {
        return code == 0 && signal == null;
    }
}
