package io.linkops.ssh;

import io.linkops.ssh.DurableState.Kind;
import io.linkops.ssh.DurableState.Way;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** The words spoken with {@code durable.bash}, after the client id was told. Pure. */
final class DurableCodec {
    /** Kind, way, two times, two sizes, exit code, signal, result, whole or cut. */
    static final Pattern STATE = Pattern.compile("state (absent|waiting|running|ended|never|restarted|dead|gone)"
            + " (systemd|session|none) (-?[0-9]{1,15}) (-?[0-9]{1,15}) ([0-9]{1,18}) ([0-9]{1,18})"
            + " ([0-9]{1,3}) ([A-Z0-9+-]{1,20}) ([a-z-]{1,30}) (whole|cut)");

    private static final String KEEPER = BashProgram.withoutComments("keeper.bash");

    private DurableCodec() {}

    static byte[] start(Payload payload, DurableLimits limits) {
        var out = new ByteArrayOutputStream(payload.script().length + 16 * 1024);
        LauncherCodec.line(out, "start");
        LauncherCodec.line(out, String.valueOf(Math.max(1, limits.time().toSeconds())));
        LauncherCodec.line(out, tenths(limits.grace()));
        LauncherCodec.line(out, String.valueOf(limits.outputBytes()));
        LauncherCodec.line(out, String.valueOf(limits.keep().toMinutes()));
        LauncherCodec.field(out, LauncherCodec.utf8(KEEPER));
        LauncherCodec.field(out, LauncherCodec.utf8(BashProgram.REAPER.text()));
        LauncherCodec.order(out, payload);
        return out.toByteArray();
    }

    static byte[] word(String word) {
        return LauncherCodec.utf8(word + "\n");
    }

    static byte[] follow(long stdout, long stderr) {
        return word("follow " + stdout + " " + stderr);
    }

    private static String tenths(Duration time) {
        return String.valueOf(Math.max(0, time.toMillis() / 100));
    }

    /** @param line one that matches {@link #STATE} */
    static DurableState state(String line) {
        var words = STATE.matcher(line);
        if (!words.matches()) {
            throw new IllegalArgumentException("not a state: " + line);
        }
        var kind = words.group(1).equals("absent")
                ? Kind.GONE
                : Kind.valueOf(words.group(1).toUpperCase(Locale.ROOT));
        return new DurableState(
                kind,
                Way.valueOf(words.group(2).toUpperCase(Locale.ROOT)),
                hundredths(words.group(3)),
                hundredths(words.group(4)),
                Long.parseLong(words.group(5)),
                Long.parseLong(words.group(6)),
                kind == Kind.ENDED ? exit(Integer.parseInt(words.group(7)), words.group(8)) : null,
                words.group(9).equals("timeout"),
                words.group(10).equals("whole"));
    }

    /** The clock of a container can be set back by its host: never negative. */
    private static Duration hundredths(String number) {
        return Duration.ofMillis(Math.max(0, Long.parseLong(number) * 10));
    }

    private static Exit exit(int code, String signal) {
        return signal.equals("-") ? new Exit(code, null) : Signals.exitOf(signal);
    }
}
