package io.linkops.gitsync;

import io.linkops.bus.Bytes;
import io.linkops.gitsync.GitSync.Content;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/** The files read last, by what they are and not by where they lie: bounded in bytes. */
final class BlobCache {
    private static final long MAX_BYTES = 16L << 20;

    private final LinkedHashMap<ObjectId, Content> contents = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    synchronized @Nullable Content find(ObjectId blob) {
        return contents.get(blob);
    }

    synchronized Content add(ObjectId blob, Bytes file) {
        var content = new Content(file, sha256(file.toArray()));
        if (contents.put(blob, content) == null) {
            bytes += file.size();
        }
        var oldest = contents.entrySet().iterator();
        while (bytes > MAX_BYTES && oldest.hasNext()) {
            bytes -= oldest.next().getValue().bytes().size();
            oldest.remove();
        }
        return content;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
