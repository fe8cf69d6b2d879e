package io.linkops.imports;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** A table (RFC 4180) whose first line names the columns. */
final class Csv {
    private static final Set<String> COLUMNS = Set.of(
            "id",
            "type",
            "provider",
            "host",
            "port",
            "user",
            "tags",
            "client_id",
            "client_id_path",
            "key_ref",
            "proxy_jump",
            "host_key");
    private static final String METADATA = "metadata.";

    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
            .get();

    private final Draft draft;
    /** What the columns are called in this table, by their names. */
    private final Map<String, String> columns = new HashMap<>();

    Csv(Draft draft) {
        this.draft = draft;
    }

    void read(String text) throws IOException {
        try (var parser = FORMAT.parse(new StringReader(text))) {
            var names = new TreeSet<>(parser.getHeaderNames());
            columns(names);
            if (!columns.containsKey("id")) {
                throw new IllegalArgumentException("The first line must name the columns, id among them; possible: "
                        + new TreeSet<>(COLUMNS) + " and " + METADATA + "NAME");
            }
            names.stream()
                    .filter(name -> !isKnown(name))
                    .forEach(name -> draft.warn("The column " + name + " is not known and was ignored"));
            for (var row : parser) {
                add(row, names);
            }
        } catch (CSVException | UncheckedIOException | IllegalStateException e) {
            throw new IllegalArgumentException("This is not CSV: " + e.getMessage(), e);
        }
    }

    /** Names of columns may be written in any case; what metadata is called may differ in nothing else. */
    private void columns(Set<String> names) {
        for (var name : names) {
            var lower = name.toLowerCase(Locale.ROOT);
            if (COLUMNS.contains(lower) && columns.put(lower, name) != null) {
                throw new IllegalArgumentException("The first line names the column " + lower + " twice");
            }
        }
    }

    private static boolean isKnown(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return COLUMNS.contains(lower) || lower.startsWith(METADATA);
    }

    private void add(CSVRecord row, Set<String> names) {
        var id = value(row, "id");
        if (id.isBlank()) {
            draft.warn("Line " + row.getParser().getCurrentLineNumber() + " is left out: it has no id");
            return;
        }
        var machine = new Draft.Machine();
        machine.type = value(row, "type");
        machine.provider = value(row, "provider");
        machine.host = value(row, "host");
        machine.port = value(row, "port");
        machine.user = value(row, "user");
        for (var tag : value(row, "tags").split("[;,]", -1)) {
            if (!tag.isBlank()) {
                machine.tags.add(tag.strip());
            }
        }
        machine.clientId = value(row, "client_id");
        machine.clientIdPath = value(row, "client_id_path");
        machine.keyFile = value(row, "key_ref");
        machine.proxyJump = value(row, "proxy_jump");
        machine.hostKey = value(row, "host_key");
        for (var name : names) {
            if (name.toLowerCase(Locale.ROOT).startsWith(METADATA)
                    && !cell(row, name).isEmpty()) {
                machine.metadata.put(name.substring(METADATA.length()), cell(row, name));
            }
        }
        draft.add(id.strip(), machine);
    }

    private String value(CSVRecord row, String column) {
        var name = columns.get(column);
        return name == null ? "" : cell(row, name);
    }

    private static String cell(CSVRecord row, String name) {
        return row.isSet(name) ? row.get(name) : "";
    }
}
