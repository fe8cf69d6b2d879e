package io.linkops.audit;

import io.linkops.audit.Audit.Auth;
import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Row;
import io.linkops.audit.Audit.Who;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row as text, as it is sealed, stored and exported. What somebody made of it by force is a line as well: nothing is
 * believed of its fields.
 *
 * @param sequence as it was found
 * @param fields the ones of {@link #NAMES}, in that order
 */
record Line(String sequence, List<String> fields, String previous, String seal) {
    /** What is sealed besides the sequence and the seal before, in this order; columns and keys of an export too. */
    static final List<String> NAMES = List.of(
            "at",
            "username",
            "token_id",
            "auth",
            "address",
            "action",
            "kind",
            "resource",
            "details",
            "result",
            "request_id");

    private static final int LONGEST_DETAILS = 2_000;
    private static final int LONGEST = 300;

    Line {
        fields = List.copyOf(fields);
    }

    static Line of(Row row) {
        return of(Long.toString(row.sequence()), row.at(), row.entry(), row.previous(), row.seal());
    }

    static Line of(String sequence, Instant at, Entry entry, String previous, String seal) {
        var who = entry.who();
        return new Line(
                sequence,
                List.of(
                        Long.toString(at.toEpochMilli()),
                        cut(who.user(), LONGEST),
                        cut(who.tokenId(), LONGEST),
                        who.auth().name().toLowerCase(java.util.Locale.ROOT),
                        cut(who.address(), LONGEST),
                        cut(entry.action(), LONGEST),
                        cut(entry.kind(), LONGEST),
                        cut(entry.resource(), LONGEST),
                        details(entry.details()),
                        cut(entry.result(), LONGEST),
                        cut(entry.requestId(), LONGEST)),
                previous,
                seal);
    }

    /** In the order of the names, so that a row read and written again is the same text. */
    private static String details(Map<String, String> details) {
        var json = new JsonObject(new LinkedHashMap<>());
        int left = LONGEST_DETAILS;
        for (var each : details.entrySet()) {
            var value = cut(each.getValue(), Math.min(LONGEST, Math.max(left, 0)));
            left -= value.length() + each.getKey().length();
            if (left >= 0) {
                json.put(cut(each.getKey(), LONGEST), value);
            }
        }
        return json.encode();
    }

    /** Never in the middle of a character, and never anything that UTF-8 cannot say. */
    private static String cut(String text, int longest) {
        var whole = text.length() <= longest
                ? text
                : text.substring(
                        0, longest > 0 && Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest);
        return whole.codePoints()
                .map(point -> point == 0 || (point >= 0xD800 && point <= 0xDFFF) ? '?' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    String field(String name) {
        return fields.get(NAMES.indexOf(name));
    }

    /** Null unless it is a whole number above zero, written as such. */
    @org.jspecify.annotations.Nullable
    Long place() {
        return sequence.matches("[1-9][0-9]{0,17}") ? Long.valueOf(sequence) : null;
    }

    /** As people and the API see it; for rows that were written here. */
    Row row() {
        Map<String, String> details = new LinkedHashMap<>();
        new JsonObject(field("details")).forEach(each -> details.put(each.getKey(), String.valueOf(each.getValue())));
        return new Row(
                Long.parseLong(sequence),
                Instant.ofEpochMilli(Long.parseLong(field("at"))),
                new Entry(
                        new Who(
                                field("username"),
                                field("token_id"),
                                Auth.valueOf(field("auth").toUpperCase(java.util.Locale.ROOT)),
                                field("address")),
                        field("action"),
                        field("kind"),
                        field("resource"),
                        details,
                        field("result"),
                        field("request_id")),
                previous,
                seal);
    }

    /** One line of an export. Every value is a text, exactly as it is sealed. */
    String json() {
        var json = new JsonObject(new LinkedHashMap<>()).put("seq", sequence);
        for (int i = 0; i < NAMES.size(); i++) {
            json.put(NAMES.get(i), fields.get(i));
        }
        return json.put("previous", previous).put("seal", seal).encode();
    }

    /** @throws IllegalArgumentException if a field is not there */
    static Line parse(JsonObject json) {
        List<String> fields = new ArrayList<>();
        NAMES.forEach(name -> fields.add(text(json, name)));
        return new Line(text(json, "seq"), fields, text(json, "previous"), text(json, "seal"));
    }

    private static String text(JsonObject json, String name) {
        var value = json.getValue(name);
        if (value == null) {
            throw new IllegalArgumentException("has no " + name);
        }
        return String.valueOf(value);
    }
}
