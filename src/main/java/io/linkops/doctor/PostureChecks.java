package io.linkops.doctor;

import io.linkops.config.LoggingConfig;
import io.linkops.config.MailTls;
import io.linkops.config.MetricsAccess;
import io.linkops.config.Settings;
import io.linkops.doctor.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What works and is still unsafe, each with its remedy. A setting that is safe is told as such, so none is unseen. */
final class PostureChecks {
    static final Duration BACKUP_AGE = Duration.ofDays(7);

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|::1|0:0:0:0:0:0:0:1");
    private static final Duration LONG_LOGIN = Duration.ofDays(7);
    private static final Duration SHORT_AUDIT = Duration.ofDays(90);
    private static final int MANY_GUESSES = 20;
    private static final int SHORT_PASSWORD = 12;
    private static final int MOST_NAMED = 5;

    private final Settings settings;
    private final Circumstances circumstances;

    PostureChecks(Settings settings, Circumstances circumstances) {
        this.settings = settings;
        this.circumstances = circumstances;
    }

    void run(Consumer<Finding> findings) {
        add(findings, "user", this::user);
        add(findings, "api.host", this::listening);
        add(findings, "api.cors_origins", this::origins);
        add(findings, "api.metrics", this::metrics);
        add(findings, "api.jwt_expiration_hours", this::logins);
        add(findings, "security.max_failed_attempts", this::guesses);
        add(findings, "security.min_password_length", this::passwords);
        add(findings, "security.enrollment_required", this::enrollment);
        add(findings, "git.max_retired_percent", this::guard);
        add(findings, "retention.audit_kept_days", this::audit);
        add(findings, "notifications.smtp_tls", this::mail);
        add(findings, "logging.level", this::logging);
        add(findings, "terminal.recordings_max_bytes", this::recordings);
        add(findings, "backup", this::backup);
        add(findings, "file modes", this::modes);
    }

    /** Which keys of links nobody has vouched for: each of them is refused until somebody does. */
    static Finding hostKeys(List<String> unpinned) {
        return Finding.of("posture", "links", "host keys", () -> {
            if (unpinned.isEmpty()) {
                return Verdict.ok("are pinned or confirmed, or known_hosts has a say");
            }
            var named = String.join(", ", unpinned.subList(0, Math.min(MOST_NAMED, unpinned.size())));
            return Verdict.warn("of " + unpinned.size() + " links nobody has vouched for (" + named
                    + (unpinned.size() > MOST_NAMED ? ", …" : "")
                    + "); put ssh.hostKey into links.yaml, or confirm what the link shows");
        });
    }

    private static void add(Consumer<Finding> findings, String check, Callable<Verdict> work) {
        findings.accept(Finding.of("posture", check.contains(".") ? "configuration" : "machine", check, work));
    }

    private Verdict user() {
        return circumstances.user().equals("root")
                ? Verdict.warn("is root: whoever breaks into LinkOps has this machine; run it, and doctor, as a user of"
                        + " its own (the package makes linkops)")
                : Verdict.ok("is " + circumstances.user());
    }

    private Verdict listening() {
        var host = settings.api().host();
        return LOOPBACK.matcher(host).matches()
                ? Verdict.ok("is " + host + ", which only this machine reaches")
                : Verdict.warn(
                        "is " + host + ": passwords and tokens travel in the clear unless TLS is in front; set it"
                                + " to 127.0.0.1 and put a reverse proxy with TLS before it");
    }

    private Verdict origins() {
        var plain = settings.api().corsOrigins().stream()
                .filter(origin -> origin.startsWith("http://"))
                .toList();
        return plain.isEmpty()
                ? Verdict.ok("has none without TLS")
                : Verdict.warn("lets pages without TLS call the API, which anybody on the way can change: " + plain
                        + "; serve them with https, or remove them");
    }

    private Verdict metrics() {
        return settings.api().metrics() == MetricsAccess.OPEN
                ? Verdict.warn("is open: everybody who can connect reads how much runs here; set it to token, or keep"
                        + " strangers out before it")
                : Verdict.ok("is not for everybody");
    }

    private Verdict logins() {
        var lasts = settings.api().jwtExpiration();
        return lasts.compareTo(LONG_LOGIN) > 0
                ? Verdict.warn("is " + lasts.toHours() + " h: a stolen log-in works that long; set 24")
                : Verdict.ok("is " + lasts.toHours() + " h");
    }

    private Verdict guesses() {
        int most = settings.security().maxFailedAttempts();
        return most > MANY_GUESSES
                ? Verdict.warn("is " + most + ": so many passwords can be tried in a row; set 5")
                : Verdict.ok("is " + most);
    }

    private Verdict passwords() {
        int shortest = settings.security().minPasswordLength();
        return shortest < SHORT_PASSWORD
                ? Verdict.warn("is " + shortest + ": short passwords are guessed from a stolen database; set "
                        + SHORT_PASSWORD + " or more")
                : Verdict.ok("is " + shortest);
    }

    private Verdict enrollment() {
        return settings.security().enrollmentRequired()
                ? Verdict.ok("is on")
                : Verdict.warn("is off: scripts run on whatever answers at a link's address; set it to true and enroll"
                        + " the links");
    }

    private Verdict guard() {
        return settings.git().maxRetiredPercent() >= 100
                ? Verdict.warn("is 100: a commit that empties links.yaml retires every link unasked; set 20")
                : Verdict.ok("is " + settings.git().maxRetiredPercent());
    }

    private Verdict audit() {
        var kept = settings.retention().auditKept();
        return kept.isPositive() && kept.compareTo(SHORT_AUDIT) < 0
                ? Verdict.warn("is " + kept.toDays() + ": who was here is forgotten before anybody asks; set "
                        + SHORT_AUDIT.toDays() + " or more, or 0 for ever")
                : Verdict.ok("is " + (kept.isPositive() ? kept.toDays() : "for ever"));
    }

    private Verdict mail() {
        var config = settings.notifications();
        return config.smtpHost() != null && config.smtpTls() == MailTls.NONE
                ? Verdict.warn("is none: notices, and the mail password, travel in the clear; set starttls or tls")
                : Verdict.ok("is " + (config.smtpHost() == null ? "not used" : "on"));
    }

    private Verdict logging() {
        var level = settings.logging().level();
        return level == LoggingConfig.Level.DEBUG || level == LoggingConfig.Level.TRACE
                ? Verdict.warn("is " + level + ": the log tells more than it should and grows fast; set INFO when you"
                        + " have seen enough")
                : Verdict.ok("is " + level);
    }

    private Verdict recordings() {
        var config = settings.terminal();
        return config.recordings() && config.recordingsMaxBytes() > circumstances.freeBytes()
                ? Verdict.warn("is " + mebibytes(config.recordingsMaxBytes()) + " MiB, and the disk has "
                        + mebibytes(circumstances.freeBytes())
                        + " MiB left: recordings would fill it before old ones go; set it below that, or make room")
                : Verdict.ok("fits on the disk");
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }

    private Verdict backup() {
        var database = settings.database().path();
        if (!Files.exists(database)) {
            return Verdict.ok("is not needed yet");
        }
        var last = circumstances.lastBackup();
        if (last.isEmpty()) {
            return Verdict.warn("was never made; run: linkops backup FILE, every day, and keep it elsewhere");
        }
        var age = Duration.between(last.get(), circumstances.now());
        return age.compareTo(BACKUP_AGE) > 0
                ? Verdict.warn("is " + age.toDays() + " days old; run: linkops backup FILE, every day")
                : Verdict.ok("was made at " + last.get());
    }

    /** Whoever reads one of these reads secrets or everything that ran; whoever writes one decides what runs. */
    private Verdict modes() throws IOException {
        var database = settings.database().path().toAbsolutePath();
        var problems = new java.util.ArrayList<String>();
        closed(problems, database, "o-rwx");
        closed(problems, settings.security().secretsDirectory(), "o-rwx");
        closed(problems, settings.terminal().recordingsDirectory(), "o-rwx");
        unwritable(problems, circumstances.configuration());
        unwritable(problems, settings.ssh().knownHostsPath());
        unwritable(problems, settings.git().knownHostsPath());
        unwritable(problems, settings.git().caFile());
        return problems.isEmpty()
                ? Verdict.ok("keep others out")
                : Verdict.fail("let others in; run: " + String.join("; ", problems));
    }

    /** A file is closed, too, if nobody else can get to it. */
    private static void closed(List<String> problems, Path path, String remedy) throws IOException {
        if (Files.exists(path)
                && (has(path, PosixFilePermission.OTHERS_READ) || has(path, PosixFilePermission.OTHERS_WRITE))
                && isReachable(path.toAbsolutePath().getParent())) {
            problems.add("chmod " + remedy + " " + path + " (it is "
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(path)) + ")");
        }
    }

    private static boolean isReachable(@Nullable Path directory) throws IOException {
        for (var at = directory; at != null; at = at.getParent()) {
            if (!has(at, PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    private static void unwritable(List<String> problems, @Nullable Path path) throws IOException {
        if (path != null
                && Files.exists(path)
                && (has(path, PosixFilePermission.OTHERS_WRITE) || has(path, PosixFilePermission.GROUP_WRITE))
                && isReachable(path.toAbsolutePath().getParent())) {
            problems.add("chmod go-w " + path);
        }
    }

    private static boolean has(Path path, PosixFilePermission permission) throws IOException {
        return Files.getPosixFilePermissions(path).contains(permission);
    }
}
