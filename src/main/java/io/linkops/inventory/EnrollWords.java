package io.linkops.inventory;

import io.linkops.inventory.Inventory.EnrollStage;
import io.linkops.inventory.Inventory.EnrollStep;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.ClientIdReading;
import io.linkops.ssh.Exit;
import io.linkops.ssh.OutputSink;
import io.linkops.ssh.RemoteCommand;
import io.linkops.ssh.SshException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each step of an enrollment tells a person: what was done, or what to do, with the command to run by hand. */
final class EnrollWords {
    private final Target target;

    EnrollWords(Target target) {
        this.target = target;
    }

    List<EnrollStep> connected() {
        return List.of(
                ok(EnrollStage.CONNECT, "Connected to " + target.route().destination()),
                ok(EnrollStage.HOST_KEY, "It showed the host key that is trusted"));
    }

    EnrollStep ok(EnrollStage stage, String message) {
        return new EnrollStep(stage, true, message);
    }

    /** The step at which a connection failed. */
    EnrollStage stage(SshException failure, List<EnrollStep> steps) {
        if (!steps.isEmpty()) {
            return switch (steps.getLast().stage()) {
                case HOST_KEY -> EnrollStage.LOG_IN;
                case EXISTING_ID -> EnrollStage.WRITE;
                default -> EnrollStage.VERIFY;
            };
        }
        return switch (failure.reason()) {
            case HOST_KEY_UNKNOWN, HOST_KEY_CHANGED -> EnrollStage.HOST_KEY;
            case KEY_FILE_REFUSED, LOGIN_REFUSED, NO_SHELL -> EnrollStage.LOG_IN;
            default -> EnrollStage.CONNECT;
        };
    }

    /** What lies there already. */
    EnrollStep existing(ClientIdReading reading, boolean isReplacing) {
        var path = target.clientIdPath();
        return switch (reading.status()) {
            case MISSING -> ok(EnrollStage.EXISTING_ID, path + " is not there yet");
            case DENIED ->
                ok(EnrollStage.EXISTING_ID, path + " may not be read by " + user() + "; it is looked at with sudo");
            case OK -> compared(reading.content().stripTrailing(), isReplacing);
            case IRREGULAR, TOO_LARGE -> failed(EnrollStage.EXISTING_ID, otherThing());
        };
    }

    private EnrollStep compared(String found, boolean isReplacing) {
        var path = target.clientIdPath();
        if (found.equals(target.clientId().stripTrailing())) {
            return ok(EnrollStage.EXISTING_ID, path + " holds the client id already; nothing is written");
        }
        if (found.isEmpty()) {
            return ok(EnrollStage.EXISTING_ID, path + " is empty");
        }
        var shown = "\"" + EnrollmentVerdict.shown(found) + "\"";
        return isReplacing
                ? ok(EnrollStage.EXISTING_ID, path + " holds " + shown + ", which is replaced as asked")
                : failed(EnrollStage.EXISTING_ID, otherId(path + " holds " + shown));
    }

    private String otherId(String what) {
        return what + ", another client id, and was left alone. If this is the right machine, enroll it once more with"
                + " {\"replace\": true}, or set enrollment.clientId in links.yaml to what is there; if not, correct"
                + " the link's host or port";
    }

    private String otherThing() {
        return target.clientIdPath() + " is something else than a file with a client id, and was left alone. Look at it"
                + " there ("
                + RemoteCommand.of("ls", "-ld", target.clientIdPath()).line() + "), then move it away";
    }

    /** How the writing ended. */
    EnrollStep written(Exit exit, Said said) {
        var path = target.clientIdPath();
        var code = exit.signal() == null ? exit.code() : -1;
        return switch (code) {
            case 0 ->
                ok(
                        EnrollStage.WRITE,
                        said.replaced() == null
                                ? "Wrote " + path
                                : "Wrote " + path + " in the place of \"" + EnrollmentVerdict.shown(said.replaced())
                                        + "\"");
            case 1 ->
                failed(
                        EnrollStage.WRITE,
                        user() + " may not write " + path + ", and sudo says no" + said.why() + ". " + byHand());
            case 21 ->
                failed(EnrollStage.WRITE, user() + " may not write " + path + ", and there is no sudo. " + byHand());
            case 23 -> failed(EnrollStage.WRITE, otherThing());
            case 24 -> failed(EnrollStage.WRITE, otherId(path + " holds something"));
            default -> failed(EnrollStage.WRITE, path + " could not be written" + said.why() + ". " + byHand());
        };
    }

    /** The id travels as one quoted word here too. */
    private String byHand() {
        var path = target.clientIdPath();
        int slash = path.lastIndexOf('/');
        var directory = slash <= 0 ? "/" : path.substring(0, slash);
        return "Run there as root: "
                + RemoteCommand.of("mkdir", "-p", directory).line() + " && "
                + RemoteCommand.of("printf", "%s\\n", target.clientId()).line() + " > "
                + RemoteCommand.of(path).line() + " && "
                + RemoteCommand.of("chmod", "644", path).line() + " ; then verify the link";
    }

    private EnrollStep failed(EnrollStage stage, String message) {
        return new EnrollStep(stage, false, message);
    }

    private String user() {
        return target.route().destination().user();
    }

    /** What the program on the link said, as much as can be of use. */
    static final class Said implements OutputSink {
        private static final int MOST = 4096;
        private static final String REPLACED = "replaced ";

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();

        @Override
        public synchronized void accept(Stream stream, byte[] buffer, int offset, int length) {
            var said = stream == Stream.STDOUT ? out : err;
            said.write(buffer, offset, Math.min(length, MOST - said.size()));
        }

        synchronized @Nullable String replaced() {
            var text = out.toString(StandardCharsets.UTF_8).strip();
            return text.startsWith(REPLACED) ? text.substring(REPLACED.length()) : null;
        }

        synchronized String why() {
            var text = err.toString(StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "" : " (" + EnrollmentVerdict.shown(text, 300) + ")";
        }
    }
}
