package io.linkops.inventory;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.ClientIdReading;
import io.linkops.ssh.SshException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a link means (P11, P12; pure): enrolled if and only if its client id file holds the inventory's client
 * id, trailing white space aside; otherwise a reason, and a sentence that says what to do.
 */
public final class EnrollmentVerdict {
    private static final int SHOWN = 64;

    private EnrollmentVerdict() {}

    /** @param reading taken over a connection with a proven host key */
    public static Enrollment of(Target target, ClientIdReading reading, Instant now) {
        var file = "The client id file " + target.clientIdPath() + " of link " + target.linkId();
        return switch (reading.status()) {
            case OK -> compared(target, reading.content(), now);
            case MISSING ->
                refused(
                        "client_id_missing",
                        file
                                + " does not exist. If this is the right machine, write the link's enrollment.clientId"
                                + " from links.yaml into it (as root, readable by " + user(target) + ")",
                        now);
            case DENIED ->
                refused(
                        "client_id_denied",
                        file + " may not be read by " + user(target)
                                + ". Make it and its directories readable there: mode 644 and 755 will do",
                        now);
            case IRREGULAR ->
                refused(
                        "client_id_irregular",
                        file + " is not a regular text file. Look what it is, and put a plain file in its place",
                        now);
            case TOO_LARGE ->
                refused(
                        "client_id_too_large",
                        file + " is too large to be one. Look what it is; it must hold the client id and nothing else",
                        now);
        };
    }

    /** What a connection that failed means. */
    public static Enrollment of(SshException failure, Instant now) {
        var text = failure.text();
        var offered = failure.offeredHostKey();
        var sentence = offered == null || text.contains(offered) ? text : text + " It showed " + offered + ".";
        return refused(failure.reason().name().toLowerCase(Locale.ROOT), sentence, now);
    }

    /** The fingerprint that was refused, if it is this link's own and not that of a jump host. */
    public static @Nullable String offeredHostKey(SshException failure, String linkId) {
        return failure.hop().equals(linkId) ? failure.offeredHostKey() : null;
    }

    private static Enrollment compared(Target target, String content, Instant now) {
        var found = content.stripTrailing();
        if (!found.isEmpty() && found.equals(target.clientId().stripTrailing())) {
            return new Enrollment(EnrollmentStatus.ENROLLED, true, true, null, null, now);
        }
        var what = found.isEmpty() ? "is empty" : "holds \"" + shown(found) + "\"";
        var error = "The client id file " + target.clientIdPath() + " of link " + target.linkId() + " " + what
                + ", which is not what links.yaml says. If this is the right machine, correct the file or"
                + " enrollment.clientId; if not, correct the link's host or port";
        return new Enrollment(EnrollmentStatus.REFUSED, true, false, "client_id_mismatch", error, now);
    }

    private static Enrollment refused(String reason, String error, Instant now) {
        return new Enrollment(EnrollmentStatus.REFUSED, false, false, reason, error, now);
    }

    private static String user(Target target) {
        return target.route().destination().user();
    }

    /** Printable and short: whatever is in that file, a person will read it. */
    static String shown(String text) {
        return shown(text, SHOWN);
    }

    static String shown(String text, int length) {
        var shown = new StringBuilder();
        text.codePoints().limit(length).forEach(c -> shown.appendCodePoint(isPrintable(c) ? c : '\uFFFD'));
        return text.codePointCount(0, text.length()) > length ? shown + "…" : shown.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
