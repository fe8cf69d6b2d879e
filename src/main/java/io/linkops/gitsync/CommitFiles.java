package io.linkops.gitsync;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** The files of one commit, straight from the object store: nothing is checked out, no link is followed. */
final class CommitFiles {
    private static final int MAX_WALKED = 100_000;

    private static final String ABSENT = "does not exist";

    private final ObjectReader reader;
    private final RevCommit commit;

    CommitFiles(ObjectReader reader, RevCommit commit) {
        this.reader = reader;
        this.commit = commit;
    }

    /** @param what for people: {@code a plain file}, or why it is none */
    record Entry(boolean isPlainFile, String what, @Nullable ObjectId blob, long size) {
        boolean isAbsent() {
            return what.equals(ABSENT);
        }
    }

    Entry find(String path) throws IOException {
        try (var walk = TreeWalk.forPath(reader, path, commit.getTree())) {
            if (walk == null) {
                return new Entry(false, ABSENT, null, 0);
            }
            var type = walk.getRawMode(0) & FileMode.TYPE_MASK;
            if (type == FileMode.TYPE_FILE) {
                var blob = walk.getObjectId(0);
                return new Entry(true, "is a plain file", blob, reader.getObjectSize(blob, Constants.OBJ_BLOB));
            }
            return new Entry(false, what(type), null, 0);
        }
    }

    private static String what(int type) {
        return switch (type) {
            case FileMode.TYPE_SYMLINK -> "is a symbolic link";
            case FileMode.TYPE_GITLINK -> "is a submodule";
            case FileMode.TYPE_TREE -> "is a directory";
            default -> "is no plain file";
        };
    }

    /** The bytes of a file whose size was found small enough. */
    byte[] read(ObjectId blob, int maxBytes) throws IOException {
        return reader.open(blob, Constants.OBJ_BLOB).getCachedBytes(maxBytes);
    }

    /** The first bytes of a file. */
    byte[] head(ObjectId blob, int length) throws IOException {
        try (var in = reader.open(blob, Constants.OBJ_BLOB).openStream()) {
            return in.readNBytes(length);
        }
    }

    /** Of a file's bytes, however many, in lower-case hex. */
    String sha256(ObjectId blob) throws IOException {
        try (var in = reader.open(blob, Constants.OBJ_BLOB).openStream();
                var digested = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digested.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Paths of files with this name, in any directory. */
    List<String> named(String name) throws IOException {
        var paths = new ArrayList<String>();
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(commit.getTree());
            walk.setRecursive(true);
            for (int i = 0; i < MAX_WALKED && walk.next(); i++) {
                if (walk.getNameString().equals(name)) {
                    paths.add(walk.getPathString());
                }
            }
        }
        return paths;
    }
}
