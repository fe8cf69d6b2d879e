package io.linkops.gitsync;

import io.linkops.gitsync.GitSync.HoldReason;
import io.linkops.gitsync.GitSync.HoldRule;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.LinkState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a commit may become the inventory without an admin's word (decision 8, pure): not if it retires too many
 * links, nor if it changes by what a known link, retired ones included, proves to be itself.
 */
final class SyncGuard {
    /** Fewer are retired without asking, however few links there are. */
    static final int FEWEST_RETIRED = 3;

    private static final int NAMED = 5;

    private final int maxRetiredPercent;

    SyncGuard(int maxRetiredPercent) {
        this.maxRetiredPercent = maxRetiredPercent;
    }

    /**
     * Why the links are not applied; empty if they may be.
     *
     * @param known what is in force, retired links too
     * @param vouched what an admin has edited by id, empty for removed: as long as it is exactly that, it passes
     */
    List<HoldReason> judge(List<LinkState> known, List<Link> next, Map<String, Optional<Link>> vouched) {
        var nextById = new HashMap<String, Link>();
        next.forEach(link -> nextById.put(link.id(), link));
        var reasons = new ArrayList<HoldReason>();
        var retired = new ArrayList<String>();
        int active = 0;
        for (var state : known) {
            var id = state.link().id();
            var link = nextById.get(id);
            active += state.isRetired() ? 0 : 1;
            if (Optional.ofNullable(link).equals(vouched.get(id))) {
                continue;
            }
            if (link == null) {
                if (!state.isRetired()) {
                    retired.add(id);
                }
            } else {
                addKeyReason(reasons, state, link.hostKey());
            }
        }
        if (retired.size() >= FEWEST_RETIRED && retired.size() * 100L > (long) maxRetiredPercent * active) {
            reasons.addFirst(tooMany(retired, active));
        }
        return List.copyOf(reasons);
    }

    private static void addKeyReason(List<HoldReason> reasons, LinkState state, @Nullable String next) {
        var id = state.link().id();
        var pinned = state.link().hostKey();
        if (pinned != null) {
            if (next == null) {
                reasons.add(new HoldReason(
                        HoldRule.HOST_KEY_REMOVED, id, "Link " + id + " would lose its pinned host key " + pinned));
            } else if (!Objects.equals(pinned, next)) {
                reasons.add(new HoldReason(
                        HoldRule.HOST_KEY_CHANGED,
                        id,
                        "Link " + id + " would get another pinned host key: " + next + " instead of " + pinned));
            }
            return;
        }
        var confirmed = state.hostKey().trusted();
        if (next != null && !confirmed.isEmpty() && !confirmed.contains(next)) {
            reasons.add(new HoldReason(
                    HoldRule.CONFIRMED_KEY_OVERRULED,
                    id,
                    "Link " + id + " would get the pinned host key " + next + ", but an admin has confirmed "
                            + String.join(", ", confirmed)));
        }
    }

    private HoldReason tooMany(List<String> retired, int active) {
        var names = retired.stream().sorted().limit(NAMED).toList();
        return new HoldReason(
                HoldRule.TOO_MANY_RETIRED,
                null,
                retired.size() + " of " + active + " links would be retired (" + String.join(", ", names)
                        + (retired.size() > NAMED ? ", …" : "") + "), more than the " + maxRetiredPercent
                        + " % that git.max_retired_percent allows");
    }
}
