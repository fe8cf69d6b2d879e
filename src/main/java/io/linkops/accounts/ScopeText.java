package io.linkops.accounts;

import io.linkops.accounts.Accounts.Scope;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A scope as the store keeps it, and which scopes are accepted. */
final class ScopeText {
    static final int MOST = 100;
    static final int LONGEST = 200;

    private ScopeText() {}

    static String of(Scope scope) {
        return scope.isAll()
                ? ""
                : new JsonObject()
                        .put("targets", new JsonArray(scope.targets()))
                        .put("scripts", new JsonArray(scope.scripts()))
                        .encode();
    }

    /** What cannot be read is a reason to let nobody in, not to let somebody do everything. */
    static Scope scope(String text) {
        if (text.isEmpty()) {
            return Scope.ALL;
        }
        var json = new JsonObject(text);
        var scope = new Scope(texts(json, "targets"), texts(json, "scripts"));
        if (scope.isAll()) {
            throw new IllegalStateException("a scope in the database narrows nothing");
        }
        return scope;
    }

    private static List<String> texts(JsonObject json, String field) {
        return json.getJsonArray(field).stream()
                .map(each -> Objects.requireNonNull((String) each))
                .toList();
    }

    /** What is wrong with one of its lists, or nothing. */
    static Optional<String> problem(List<String> entries) {
        if (entries.size() > MOST) {
            return Optional.of("must have at most " + MOST + " entries");
        }
        if (entries.stream().anyMatch(ScopeText::isUnfit)) {
            return Optional.of("must have entries of 1 to " + LONGEST + " characters without blanks at the ends");
        }
        return !entries.isEmpty() && entries.stream().allMatch(entry -> entry.startsWith("!"))
                ? Optional.of("must name something besides what it excludes, such as * and then !name")
                : Optional.empty();
    }

    private static boolean isUnfit(String entry) {
        var name = entry.startsWith("!") ? entry.substring(1) : entry;
        return name.isBlank()
                || !entry.equals(entry.strip())
                || entry.length() > LONGEST
                || entry.chars().anyMatch(c -> c < ' ');
    }

    static Fields check(Fields fields, Scope scope) {
        return fields.refuse("scope.targets", problem(scope.targets()))
                .refuse("scope.scripts", problem(scope.scripts()));
    }
}
