package io.linkops;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Where a new password comes from: the terminal, unseen and twice, or standard input; never an argument. */
final class NewPassword {
    private static final int LONGEST = 64 * 1024;

    private NewPassword() {}

    static String read(boolean isFromStdin) throws IOException {
        return isFromStdin ? line() : typed();
    }

    private static String line() throws IOException {
        var bytes = System.in.readNBytes(LONGEST);
        var text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).replaceFirst("\r$", "");
    }

    private static String typed() {
        var console = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElseThrow(() -> new Failure(
                        ErrorCode.VALIDATION_FAILED,
                        "There is no terminal to type the password on; give it on standard input with"
                                + " --password-stdin"));
        var first = console.readPassword("New password: ");
        var second = console.readPassword("Again: ");
        if (first == null || !Arrays.equals(first, second)) {
            throw new Failure(ErrorCode.VALIDATION_FAILED, "The two are not the same; nothing was changed");
        }
        return new String(first);
    }
}
