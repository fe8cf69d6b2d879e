package io.linkops.bench;

import io.linkops.world.Detour;
import io.linkops.world.World;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The world of a soak: scripts that come to all there is, and a repository that changes every minute. */
final class SoakFleet {
    /** The last link comes and goes; nothing else is done with it but to verify it. */
    static final int STEADY = 49;

    private static final String SHEBANG = "#!/bin/bash";

    private SoakFleet() {}

    static World in(Path directory) throws Exception {
        return World.with(directory, STEADY + 1)
                .script("hello", SHEBANG, "echo hello", "hostname")
                .script("talk", SHEBANG, "seq -f 'line %g of what a script has to say' 200", "echo aside >&2")
                .script("dice", SHEBANG, "echo rolling", "exit $((RANDOM % 4 == 0))")
                .script("slow", SHEBANG, "echo waiting", "sleep 60")
                .timeout("slow", "2s")
                .script("endless", SHEBANG, "while sleep 1; do echo still here; done")
                .script("lasting", SHEBANG, "for i in 1 2 3 4 5; do echo $i; sleep 1; done")
                .fields("lasting", "durable: always")
                .schedules(
                        "schedules:",
                        "  every-minute:",
                        "    cron: '* * * * *'",
                        "    scripts: [hello]",
                        "    targets: [link-001, link-002]")
                .commit();
    }

    /** Everything that has an age or a round gets a short one. */
    static Map<String, Object> config() {
        var config = new TreeMap<String, Object>();
        config.put("git.sync_interval_minutes", 1);
        config.put("health.check_interval_minutes", "30s");
        config.put("ssh.idle_timeout", "30s");
        config.put("retention.operations_kept_days", "5m");
        config.put("retention.terminal_sessions_kept_days", "5m");
        config.put("retention.audit_kept_days", "5m");
        config.put("retention.interval_minutes", 1);
        config.put("terminal.recordings_max_bytes", 8 << 20);
        config.put("notifications.retry_delay", "1s");
        config.put("notifications.retry_for", "2m");
        return config;
    }

    /** Changes a link, a script, and every second time whether the last link is there. */
    static void change(World world, int round) throws Exception {
        world.script("hello", SHEBANG, "echo hello, round " + round, "hostname");
        var changed = "link-%03d".formatted(1 + round % STEADY);
        var yaml = Detour.field(world.linksYaml(), changed, "provider", "loopback-" + round);
        int last = yaml.indexOf("  link-%03d:".formatted(STEADY + 1));
        world.commit(round % 2 == 0 ? yaml : yaml.substring(0, last));
    }
}
