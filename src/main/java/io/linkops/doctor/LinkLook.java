package io.linkops.doctor;

import io.linkops.doctor.Finding.Verdict;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.Payload;
import io.linkops.ssh.ScriptChannel;
import io.linkops.ssh.SshException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What an enrolled link says of itself: whether scripts can become root there without being asked for a password, what
 * its clock shows, how old its OpenSSH is.
 */
final class LinkLook {
    private static final int NO_SUDO = 3;
    private static final int ASKS = 4;

    private static final String SCRIPT = """
        #!/usr/bin/env bash
        echo "clock $(date +%s)"
        echo "version $(ssh -V 2>&1)"
        [ "$(id -u)" -eq 0 ] && exit 0
        command -v sudo >/dev/null 2>&1 || exit 3
        timeout 10 sudo -n true </dev/null >/dev/null 2>&1 || exit 4
        """;

    private static final int MOST = 4096;
    private static final Duration SKEW = Duration.ofSeconds(60);
    /** Before it, forwarding of agents and scp were broken into, and its algorithms are on their way out. */
    private static final int OLD = 8;

    private static final Pattern CLOCK = Pattern.compile("(?m)^clock (\\d{1,12})$");
    private static final Pattern VERSION = Pattern.compile("(?m)^version OpenSSH_(\\d{1,3})\\.(\\d{1,3})");

    private final String user;
    private final int code;
    private final String said;
    private final Instant asked;
    private final Instant answered;

    LinkLook(String user, int code, String said, Instant asked, Instant answered) {
        this.user = user;
        this.code = code;
        this.said = said;
        this.asked = asked;
        this.answered = answered;
    }

    static LinkLook at(Target target, ScriptChannel channel, InstantSource clock) throws SshException {
        var payload =
                new Payload(Map.of(), List.of(), "doctor-look", List.of(), SCRIPT.getBytes(StandardCharsets.UTF_8));
        var said = new ByteArrayOutputStream();
        var asked = clock.instant();
        var exit = channel.start(payload, (_, buffer, offset, length) -> {
            synchronized (said) {
                said.write(buffer, offset, Math.clamp(MOST - said.size(), 0, length));
            }
        });
        synchronized (said) {
            return new LinkLook(
                    target.route().destination().user(),
                    exit.code(),
                    said.toString(StandardCharsets.UTF_8),
                    asked,
                    clock.instant());
        }
    }

    /** A clock that is off makes times of output and of logs a puzzle, and certificates invalid. */
    Verdict clock() {
        var found = CLOCK.matcher(said);
        if (!found.find()) {
            return Verdict.warn("could not be asked for the time");
        }
        var there = Instant.ofEpochSecond(Long.parseLong(found.group(1)));
        var skew = there.isBefore(asked)
                ? Duration.between(there, asked)
                : there.isAfter(answered) ? Duration.between(answered, there) : Duration.ZERO;
        return skew.compareTo(SKEW) > 0
                ? Verdict.warn("is " + skew.toSeconds() + " s " + (there.isBefore(asked) ? "behind" : "ahead of")
                        + " this machine's; switch time synchronisation on, here and there: timedatectl set-ntp true")
                : Verdict.ok("is right to " + (skew.toSeconds() + 1) + " s");
    }

    Verdict openSsh() {
        var found = VERSION.matcher(said);
        if (!found.find()) {
            return Verdict.ok("is not told");
        }
        var version = found.group(1) + "." + found.group(2);
        return Integer.parseInt(found.group(1)) < OLD
                ? Verdict.warn("is " + version + ", which gets no repairs any more; upgrade the link's system")
                : Verdict.ok("is " + version);
    }

    Verdict sudo() {
        return switch (code) {
            case 0 -> Verdict.ok(user.equals("root") ? "is not needed by root" : user + " can become root");
            case NO_SUDO ->
                Verdict.warn("is not installed, so scripts that need root fail for " + user
                        + "; install sudo, or log in as root");
            case ASKS ->
                Verdict.warn("asks " + user + " for a password, so scripts that need root fail; allow it without:"
                        + " echo '" + user + " ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/linkops");
            default -> Verdict.warn("could not be tried (the script ended with " + code + ")");
        };
    }
}
