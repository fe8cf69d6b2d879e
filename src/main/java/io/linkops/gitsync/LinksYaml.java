package io.linkops.gitsync;

import io.linkops.gitsync.GitSync.LinkDraft;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A links.yaml written from nothing, and what a sync would say of it. Pure. */
public final class LinksYaml {
    private static final int MAX_LINKS = 1_000_000;

    private LinksYaml() {}

    /** The file; entries in the order of the map. */
    public static String render(Map<String, LinkDraft> links) {
        if (links.isEmpty()) {
            return "links: []\n";
        }
        var yaml = new StringBuilder("links:\n");
        links.forEach((id, draft) -> yaml.append(LinkYaml.keyed("  ", id, draft, "\n")));
        return yaml.toString();
    }

    /** The first problem of each entry that a sync would refuse, in its words, by id; empty if it would take all. */
    public static Map<String, String> problems(Map<String, LinkDraft> links) {
        var parser = new InventoryParser(Integer.MAX_VALUE, MAX_LINKS);
        parser.links(render(links).getBytes(StandardCharsets.UTF_8));
        var problems = new LinkedHashMap<String, String>();
        for (var problem : parser.findings().problems()) {
            var word = "link ";
            var id = problem.entry().startsWith(word) ? problem.entry().substring(word.length()) : "";
            problems.putIfAbsent(id, problem.field() + " " + problem.message());
        }
        return problems;
    }
}
