package io.linkops.api;

import io.linkops.accounts.Accounts.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a scope. An empty one is refused: nobody should lose a scope because a list was empty by mistake. It is taken
 * away by {@code "unscoped": true}.
 */
final class ScopeBody {
    private static final int MOST = 100;
    private static final int LONGEST = 200;

    private ScopeBody() {}

    /** None is everything the role allows. */
    static Scope read(JsonReader json) {
        var scope = scope(json);
        return scope == null ? Scope.ALL : scope;
    }

    /** None is no change. */
    static @Nullable Scope change(JsonReader json) {
        var scope = scope(json);
        if (!Boolean.TRUE.equals(json.flagOrNull("unscoped"))) {
            return scope;
        }
        if (scope != null) {
            json.problem("unscoped", "cannot be true where there is a scope");
        }
        return Scope.ALL;
    }

    private static @Nullable Scope scope(JsonReader json) {
        return json.objectOrNull("scope", fields -> {
            List<String> targets = fields.textsOrNone("targets", MOST, LONGEST);
            List<String> scripts = fields.textsOrNone("scripts", MOST, LONGEST);
            if (targets.isEmpty() && scripts.isEmpty()) {
                fields.problem("targets", "is missing or empty, and so is scripts: say what the scope is");
            }
            return new Scope(targets, scripts);
        });
    }
}
