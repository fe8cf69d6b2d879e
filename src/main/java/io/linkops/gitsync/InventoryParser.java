package io.linkops.gitsync;

import io.linkops.inventory.Inventory;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Turns the bytes of links.yaml and scripts.yaml into links and scripts, or into every problem they have (P5, P6):
 * pure, and unimpressed by hostile content.
 */
final class InventoryParser {
    private final int maxFileBytes;
    private final int maxLinks;
    private final Findings findings = new Findings();

    /** One parser reads one commit. */
    InventoryParser(int maxFileBytes, int maxLinks) {
        this.maxFileBytes = maxFileBytes;
        this.maxLinks = maxLinks;
    }

    /** The links of links.yaml; if {@link #findings} is not clean, of no use. */
    List<Inventory.Link> links(byte[] file) {
        var root = new YamlFile(LinksFile.NAME, file, findings).root(maxFileBytes);
        return root == null ? List.of() : new LinksFile(findings).read(root, maxLinks);
    }

    /** The scripts of scripts.yaml; if {@link #findings} is not clean, of no use. */
    List<ScriptsFile.Located> scripts(byte[] file) {
        var root = new YamlFile(ScriptsFile.NAME, file, findings).root(maxFileBytes);
        return root == null ? List.of() : new ScriptsFile(findings).read(root);
    }

    /** The schedules of schedules.yaml; if {@link #findings} is not clean, of no use. */
    List<GitSync.DeclaredSchedule> schedules(byte[] file, List<ScriptsFile.Located> scripts) {
        var root = new YamlFile(SchedulesFile.NAME, file, findings).root(maxFileBytes);
        var ids = scripts.stream().map(located -> located.script().id()).collect(Collectors.toSet());
        return root == null ? List.of() : new SchedulesFile(findings, ids).read(root);
    }

    Findings findings() {
        return findings;
    }
}
