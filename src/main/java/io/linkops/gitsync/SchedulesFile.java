package io.linkops.gitsync;

import io.linkops.calendar.CronTimes;
import io.linkops.gitsync.GitSync.DeclaredSchedule;
import io.linkops.gitsync.GitSync.ScheduledWork;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** schedules.yaml: what a schedule must have, and what its values may be. A repository need not have one. */
final class SchedulesFile {
    static final String NAME = "schedules.yaml";

    private static final int MAX_SCHEDULES = 1000;
    private static final int MAX_CONCURRENCY = 10_000;

    private final Findings findings;
    private final Set<String> scriptIds;

    /** @param scriptIds the ids of scripts.yaml at the same commit */
    SchedulesFile(Findings findings, Set<String> scriptIds) {
        this.findings = findings;
        this.scriptIds = scriptIds;
    }

    List<DeclaredSchedule> read(MappingNode root) {
        var schedules = new ArrayList<DeclaredSchedule>();
        for (var entry : new Entries(NAME, "schedule", findings).read(root, MAX_SCHEDULES)) {
            schedules.add(new DeclaredSchedule(entry.id(), work(entry.fields())));
            entry.fields().warnOfUnknown();
        }
        return schedules;
    }

    private ScheduledWork work(Fields fields) {
        var zone = fields.optional("timezone");
        var scripts = scripts(fields);
        var targets = fields.texts("targets");
        if (targets.isEmpty()) {
            fields.problem("targets", "is required, but missing or empty; it lists links, globs, tag:… or type:…");
        }
        return new ScheduledWork(
                cron(fields, zone),
                zone == null ? "UTC" : zone,
                fields.optional("description"),
                scripts,
                flags(fields, scripts),
                targets,
                fields.value("concurrency") == null ? null : fields.requiredNumber("concurrency", 1, MAX_CONCURRENCY),
                continuesOnFailure(fields),
                fields.isOn("overlap", false));
    }

    private static String cron(Fields fields, @Nullable String zone) {
        var cron = fields.required("cron");
        if (cron.isBlank()) {
            return cron;
        }
        try {
            CronTimes.of(cron, ZoneOffset.UTC);
        } catch (IllegalArgumentException e) {
            fields.problem(
                    "cron",
                    "must be a cron expression of five fields, like \"30 4 * * 1-5\", or @daily; " + Texts.shown(cron)
                            + ": " + Texts.shown(String.valueOf(e.getMessage())));
        }
        try {
            CronTimes.zone(zone == null ? "UTC" : zone);
        } catch (IllegalArgumentException e) {
            fields.problem("timezone", e.getMessage() + "; not " + Texts.shown(String.valueOf(zone)));
        }
        return cron;
    }

    private List<String> scripts(Fields fields) {
        var scripts = fields.texts("scripts");
        if (scripts.isEmpty()) {
            fields.problem("scripts", "is required, but missing or empty; it lists ids of scripts.yaml");
        }
        for (var script : scripts) {
            if (!scriptIds.contains(script)) {
                fields.problem("scripts", "names " + Texts.shown(script) + ", which is not in " + ScriptsFile.NAME);
            }
        }
        return scripts;
    }

    private static Map<String, List<String>> flags(Fields fields, List<String> scripts) {
        if (!(fields.value("flags") instanceof MappingNode mapping)) {
            if (fields.value("flags") != null) {
                fields.problem("flags", "must be a mapping: script: [--flag, …]");
            }
            return Map.of();
        }
        var within = fields.within("flags");
        Map<String, List<String>> flags = new TreeMap<>();
        for (var tuple : mapping.getValue()) {
            var script = tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
            if (!scripts.contains(script)) {
                within.problem(script, "is not one of the schedule's scripts");
            } else {
                flags.put(script, within.texts(script));
            }
        }
        return flags;
    }

    private static boolean continuesOnFailure(Fields fields) {
        var word = fields.optional("on_failure");
        if (word != null && !word.equals("stop") && !word.equals("continue")) {
            fields.problem("on_failure", "must be stop or continue");
        }
        return "continue".equals(word);
    }
}
