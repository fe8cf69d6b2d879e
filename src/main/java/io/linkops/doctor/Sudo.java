package io.linkops.doctor;

import io.linkops.doctor.Finding.Verdict;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.Payload;
import io.linkops.ssh.ScriptChannel;
import io.linkops.ssh.SshException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Whether scripts can become root on an enrolled link without being asked for a password. */
final class Sudo {
    private static final int NO_SUDO = 3;
    private static final int ASKS = 4;

    private static final String SCRIPT = """
        #!/usr/bin/env bash
        [ "$(id -u)" -eq 0 ] && exit 0
        command -v sudo >/dev/null 2>&1 || exit 3
        timeout 10 sudo -n true </dev/null >/dev/null 2>&1 || exit 4
        """;

    private Sudo() {}

    static Verdict look(Target target, ScriptChannel channel) throws SshException {
        var user = target.route().destination().user();
        var payload =
                new Payload(Map.of(), List.of(), "doctor-sudo", List.of(), SCRIPT.getBytes(StandardCharsets.UTF_8));
        var exit = channel.start(payload, (_, _, _, _) -> {});
        return switch (exit.code()) {
            case 0 -> Verdict.ok(user.equals("root") ? "is not needed by root" : user + " can become root");
            case NO_SUDO ->
                Verdict.warn("is not installed, so scripts that need root fail for " + user
                        + "; install sudo, or log in as root");
            case ASKS ->
                Verdict.warn("asks " + user + " for a password, so scripts that need root fail; allow it without:"
                        + " echo '" + user + " ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/linkops");
            default -> Verdict.warn("could not be tried (the script ended with " + exit.code() + ")");
        };
    }
}
