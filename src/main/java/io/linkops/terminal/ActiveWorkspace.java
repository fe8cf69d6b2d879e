package io.linkops.terminal;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.terminal.Terminals.Actor;
import io.linkops.terminal.Terminals.Layout;
import io.linkops.terminal.Terminals.ShareMode;
import io.linkops.terminal.Terminals.Workspace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A workspace that is there: whose it is, who may see it, who may type, and its panes. */
final class ActiveWorkspace {
    private final String id;
    private final String owner;
    private final Layout layout;
    private final Instant createdAt;
    private final List<ActivePane> panes = new ArrayList<>();
    private final Map<String, ShareMode> shares = new TreeMap<>();
    private final Map<String, Attachment> attachments = new LinkedHashMap<>();
    private String typist;
    private @Nullable String name;
    private @Nullable Instant abandonedSince;
    private @Nullable Instant unusedSince;

    ActiveWorkspace(String id, String owner, Layout layout, int maxPanes, int capacity, Instant createdAt) {
        this.id = id;
        this.owner = owner;
        this.typist = owner;
        this.layout = layout;
        this.createdAt = createdAt;
        for (int number = 0; number < maxPanes; number++) {
            panes.add(new ActivePane(number, capacity));
        }
        look(createdAt);
    }

    String id() {
        return id;
    }

    String owner() {
        return owner;
    }

    Layout layout() {
        return layout;
    }

    @Nullable
    String name() {
        return name;
    }

    void name(@Nullable String given) {
        name = given;
    }

    Instant createdAt() {
        return createdAt;
    }

    List<ActivePane> panes() {
        return panes;
    }

    Map<String, ShareMode> shares() {
        return shares;
    }

    Map<String, Attachment> attachments() {
        return attachments;
    }

    String typist() {
        return typist;
    }

    void typist(String username) {
        typist = username;
    }

    ActivePane pane(int number) {
        if (number < 0 || number >= panes.size()) {
            throw new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    "There is no pane " + number + ": this workspace has panes 0 to " + (panes.size() - 1));
        }
        return panes.get(number);
    }

    Workspace shown() {
        return new Workspace(
                id,
                owner,
                name,
                layout,
                panes.size(),
                createdAt,
                typist,
                shares,
                attachments.size(),
                panes.stream().map(ActivePane::shown).toList());
    }

    // ---- rights --------------------------------------------------------------------------------------------------

    /** Where one pane is out of reach, all of it is: its links are seen, and what is typed may go to all panes. */
    boolean maySee(Actor actor) {
        return (actor.isAdmin() || owner.equals(actor.username()) || shares.containsKey(actor.username()))
                && panes.stream().allMatch(pane -> actor.reaches(pane.link()));
    }

    boolean mayManage(Actor actor) {
        return actor.isAdmin() || owner.equals(actor.username());
    }

    boolean mayTakeOver(Actor actor) {
        return mayManage(actor) || shares.get(actor.username()) == ShareMode.CONTROL;
    }

    /** Who has the right and still could take it. */
    boolean mayType(Actor actor) {
        return typist.equals(actor.username()) && mayTakeOver(actor);
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    /** Notes since when nobody is there who could type, and since when nothing is left to come back to. */
    void look(Instant now) {
        boolean isKept = attachments.values().stream()
                .anyMatch(each -> each.mayType()
                        || owner.equals(each.actor().username())
                        || shares.get(each.actor().username()) == ShareMode.CONTROL);
        abandonedSince = isKept ? null : abandonedSince == null ? now : abandonedSince;
        boolean isUsed = !attachments.isEmpty() || panes.stream().anyMatch(ActivePane::isOpen);
        unusedSince = isUsed ? null : unusedSince == null ? now : unusedSince;
    }

    boolean isAbandonedSince(Instant then) {
        return abandonedSince != null && !abandonedSince.isAfter(then);
    }

    boolean isUnusedSince(Instant then) {
        return unusedSince != null && !unusedSince.isAfter(then);
    }
}
