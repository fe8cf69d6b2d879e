package io.linkops.gitsync;

import io.linkops.config.GitConfig;
import io.linkops.gitsync.Findings.Problem;
import io.linkops.inventory.Inventory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the inventory out of one commit: all of it, or every problem it has. */
final class CommitReading {
    private static final Pattern BASH = Pattern.compile("#!\\s*(/usr/bin/env\\s+(-S\\s+)?bash|/\\S*/bash)(\\s[^\n]*)?");
    private static final int HEAD = 256;

    private final GitConfig config;
    private final CommitFiles files;
    private final String commit;
    private final InventoryParser parser;

    /** The inventory of a commit, scripts sorted by id. */
    record Content(List<Inventory.Link> links, List<Inventory.Script> scripts, List<String> warnings) {}

    CommitReading(GitConfig config, CommitFiles files, String commit) {
        this.config = config;
        this.files = files;
        this.commit = commit;
        this.parser = new InventoryParser(config.maxFileBytes(), config.maxLinks());
    }

    Content read() throws IOException, SyncException {
        var linksFile = file(LinksFile.NAME);
        var scriptsFile = file(ScriptsFile.NAME);
        List<Inventory.Link> links = linksFile == null ? List.of() : parser.links(linksFile);
        List<ScriptsFile.Located> scripts = scriptsFile == null ? List.of() : parser.scripts(scriptsFile);
        for (var script : scripts) {
            check(script);
        }
        schedules(scripts);
        warnOfSecrets();
        if (!parser.findings().isClean()) {
            throw parser.findings().asException();
        }
        return new Content(
                links,
                scripts.stream()
                        .map(ScriptsFile.Located::script)
                        .sorted(Comparator.comparing(Inventory.Script::id))
                        .toList(),
                parser.findings().warnings());
    }

    /** What schedules.yaml declares; a commit whose schedules are wrong is refused as a whole, when it is synced. */
    List<GitSync.DeclaredSchedule> readSchedules() throws IOException, SyncException {
        var scriptsFile = file(ScriptsFile.NAME);
        var schedules = schedules(scriptsFile == null ? List.of() : parser.scripts(scriptsFile));
        if (!parser.findings().isClean()) {
            throw parser.findings().asException();
        }
        return schedules.stream()
                .sorted(Comparator.comparing(GitSync.DeclaredSchedule::id))
                .toList();
    }

    private List<GitSync.DeclaredSchedule> schedules(List<ScriptsFile.Located> scripts) throws IOException {
        if (files.find(SchedulesFile.NAME).isAbsent()) {
            return List.of();
        }
        var file = file(SchedulesFile.NAME);
        return file == null ? List.of() : parser.schedules(file, scripts);
    }

    private byte @Nullable [] file(String name) throws IOException {
        var entry = files.find(name);
        var blob = entry.blob();
        if (blob == null) {
            problem(
                    name,
                    0,
                    "",
                    "",
                    "the file " + entry.what() + " at the top of commit " + commit + " of branch " + config.branch()
                            + "; it must be a plain file there");
            return null;
        }
        if (entry.size() > config.maxFileBytes()) {
            problem(name, 0, "", "", tooLarge(entry));
            return null;
        }
        return files.read(blob, config.maxFileBytes());
    }

    private void check(ScriptsFile.Located located) throws IOException {
        var script = located.script();
        if (script.path().isBlank() || !ScriptsFile.isInside(script.path())) {
            return; // has been noted
        }
        var entry = files.find(script.path());
        var blob = entry.blob();
        var id = "script " + script.id();
        if (blob == null) {
            problem(
                    ScriptsFile.NAME,
                    located.pathLine(),
                    id,
                    "path",
                    Texts.shown(script.path()) + " " + entry.what() + " in the repository; it must be a plain file");
        } else if (entry.size() > config.maxFileBytes()) {
            problem(ScriptsFile.NAME, located.pathLine(), id, "path", script.path() + " " + tooLarge(entry));
        } else if (!isBash(blob)) {
            parser.findings()
                    .warning(ScriptsFile.NAME + ": " + id + ": the first line of " + script.path()
                            + " is not a bash shebang (#!/usr/bin/env bash); it will be refused when it is to run");
        }
    }

    private boolean isBash(org.eclipse.jgit.lib.ObjectId blob) throws IOException {
        var head = new String(files.head(blob, HEAD), StandardCharsets.UTF_8);
        return BASH.matcher(head.lines().findFirst().orElse("")).matches();
    }

    private void warnOfSecrets() throws IOException {
        for (var path : files.named("secrets.ini")) {
            parser.findings()
                    .warning("The repository holds " + Texts.shown(path)
                            + ": secrets do not belong into Git. Remove it and replace what was in it");
        }
    }

    private String tooLarge(CommitFiles.Entry entry) {
        return "has " + entry.size() + " bytes, more than the " + config.maxFileBytes()
                + " that git.max_file_bytes allows";
    }

    private void problem(String file, int line, String entry, String field, String message) {
        parser.findings().problem(new Problem(file, line, entry, field, message));
    }
}
