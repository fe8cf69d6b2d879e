package io.linkops.gitsync;

import io.linkops.gitsync.GitSync.Advance;
import io.linkops.gitsync.GitSync.Change;
import io.linkops.gitsync.GitSync.CommitLine;
import io.linkops.gitsync.GitSync.ScriptChange;
import io.linkops.inventory.Inventory.Script;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/** How the branch came from one commit to another: commits between, files touched, scripts changed. */
final class AdvanceReading {
    private static final int COMMITS = 50;
    private static final int FILES = 500;
    private static final int MOST_COUNTED = 10_000;

    private final RevWalk walk;
    private final RevCommit after;

    /** The scripts of one commit. */
    record Scripts(CommitFiles files, List<Script> scripts) {}

    AdvanceReading(RevWalk walk, RevCommit after) {
        this.walk = walk;
        this.after = after;
    }

    /** The older commit; null if there was none, or the repository no longer holds it. */
    @Nullable
    RevCommit find(@Nullable String name) throws IOException {
        try {
            return name == null ? null : walk.parseCommit(ObjectId.fromString(name));
        } catch (MissingObjectException e) {
            return null;
        }
    }

    Advance read(@Nullable String beforeName, @Nullable Scripts old, Scripts current) throws IOException {
        var before = find(beforeName);
        var isRewritten = beforeName != null && (before == null || !walk.isMergedInto(before, after));
        var commits = new ArrayList<CommitLine>();
        int more = commits(before, commits);
        var files = new ArrayList<String>();
        int moreFiles = files(before, files);
        return new Advance(isRewritten, scripts(old, current), commits, more, files, moreFiles);
    }

    private int commits(@Nullable RevCommit before, List<CommitLine> commits) throws IOException {
        walk.reset();
        walk.markStart(after);
        if (before != null) {
            walk.markUninteresting(before);
        }
        int count = 0;
        for (var commit = walk.next(); commit != null && count < MOST_COUNTED; commit = walk.next()) {
            if (count++ < COMMITS) {
                commits.add(new CommitLine(
                        commit.name(),
                        Texts.shown(commit.getAuthorIdent().getName()),
                        Texts.shown(commit.getShortMessage(), 200)));
            }
        }
        return count - commits.size();
    }

    private int files(@Nullable RevCommit before, List<String> files) throws IOException {
        try (var trees = new TreeWalk(walk.getObjectReader())) {
            if (before == null) {
                trees.addTree(new org.eclipse.jgit.treewalk.EmptyTreeIterator());
            } else {
                trees.addTree(before.getTree());
            }
            trees.addTree(after.getTree());
            trees.setRecursive(true);
            trees.setFilter(TreeFilter.ANY_DIFF);
            int count = 0;
            while (trees.next() && count < MOST_COUNTED) {
                if (count++ < FILES) {
                    files.add(Texts.shown(trees.getPathString(), 200));
                }
            }
            return count - files.size();
        }
    }

    private static List<ScriptChange> scripts(@Nullable Scripts old, Scripts current) throws IOException {
        Map<String, Script> was = byId(old == null ? List.of() : old.scripts());
        Map<String, Script> is = byId(current.scripts());
        var ids = new TreeSet<>(was.keySet());
        ids.addAll(is.keySet());
        var changes = new TreeMap<String, ScriptChange>();
        for (var id : ids) {
            var a = was.get(id);
            var b = is.get(id);
            var blobA =
                    a == null || old == null ? null : old.files().find(a.path()).blob();
            var blobB = b == null ? null : current.files().find(b.path()).blob();
            if (a != null && a.equals(b) && blobB != null && blobB.equals(blobA)) {
                continue;
            }
            changes.put(
                    id,
                    new ScriptChange(
                            id,
                            a == null ? Change.ADDED : b == null ? Change.REMOVED : Change.CHANGED,
                            old == null || blobA == null ? null : old.files().sha256(blobA),
                            blobB == null ? null : current.files().sha256(blobB),
                            a == null || b == null ? List.of() : FieldDiff.fields(a, b)));
        }
        return List.copyOf(changes.values());
    }

    private static Map<String, Script> byId(List<Script> scripts) {
        var byId = new HashMap<String, Script>();
        scripts.forEach(script -> byId.put(script.id(), script));
        return byId;
    }
}
