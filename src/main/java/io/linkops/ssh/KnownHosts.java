package io.linkops.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An OpenSSH known_hosts file: hashed names, {@code [host]:port}, wildcards, negation, {@code @revoked}.
 *
 * <p>Lines for certificate authorities are not used. Read again whenever the file has changed; a file that cannot be
 * read trusts nobody.
 */
final class KnownHosts {
    private final @Nullable Path file;
    private volatile @Nullable Snapshot snapshot;

    KnownHosts(@Nullable Path file) {
        this.file = file;
    }

    /** What the file says about one host. */
    record Entries(List<HostKey> trusted, List<HostKey> revoked) {
        boolean isRevoked(HostKey key) {
            return revoked.contains(key);
        }
    }

    /** The keys for a host under this port. */
    Entries of(String host, int port) throws IOException {
        String lower = host.toLowerCase(Locale.ROOT);
        String name = port == 22 ? lower : "[" + lower + "]:" + port;
        List<HostKey> trusted = new ArrayList<>();
        List<HostKey> revoked = new ArrayList<>();
        for (Line line : lines()) {
            if (line.matches(name)) {
                (line.isRevoked() ? revoked : trusted).add(line.key());
            }
        }
        return new Entries(trusted, revoked);
    }

    private List<Line> lines() throws IOException {
        if (file == null) {
            return List.of();
        }
        Object state;
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            state = List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
        } catch (NoSuchFileException e) {
            return List.of();
        }
        var last = snapshot;
        if (last == null || !last.state().equals(state)) {
            last = new Snapshot(state, parse(Files.readString(file, StandardCharsets.ISO_8859_1)));
            snapshot = last;
        }
        return last.lines();
    }

    static List<Line> parse(String text) {
        List<Line> lines = new ArrayList<>();
        text.lines().forEach(line -> {
            var parsed = parseLine(line.strip());
            if (parsed != null) {
                lines.add(parsed);
            }
        });
        return List.copyOf(lines);
    }

    private static @Nullable Line parseLine(String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return null;
        }
        String[] words = line.split("\\s+", -1);
        int first = words[0].startsWith("@") ? 1 : 0;
        boolean isRevoked = words[0].equals("@revoked");
        if (words.length < first + 3 || (first == 1 && !isRevoked)) {
            return null;
        }
        try {
            byte[] blob = Base64.getDecoder().decode(words[first + 2]);
            return new Line(words[first], new HostKey(words[first + 1], HostKey.fingerprint(blob)), isRevoked);
        } catch (IllegalArgumentException e) {
            return null; // a damaged line trusts nobody
        }
    }

    private record Snapshot(Object state, List<Line> lines) {}

    /** One line; hosts is the field as it stands there. */
    record Line(String hosts, HostKey key, boolean isRevoked) {

        boolean matches(String name) {
            if (hosts.startsWith("|1|")) {
                return matchesHash(name);
            }
            boolean matches = false;
            for (String pattern : hosts.toLowerCase(Locale.ROOT).split(",", -1)) {
                boolean isNegated = pattern.startsWith("!");
                if (matchesPattern(isNegated ? pattern.substring(1) : pattern, name)) {
                    if (isNegated) {
                        return false;
                    }
                    matches = true;
                }
            }
            return matches;
        }

        private boolean matchesHash(String name) {
            String[] parts = hosts.split("\\|", -1);
            if (parts.length != 4) {
                return false;
            }
            try {
                var mac = Mac.getInstance("HmacSHA1");
                mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
                byte[] hash = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
                return MessageDigest.isEqual(hash, Base64.getDecoder().decode(parts[3]));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                return false; // a damaged line trusts nobody
            }
        }

        /** Wildcards without regular expressions, and without going back more than one star. */
        private static boolean matchesPattern(String pattern, String name) {
            int at = 0;
            int star = -1;
            int from = 0;
            int i = 0;
            while (i < name.length()) {
                if (at < pattern.length() && pattern.charAt(at) == '*') {
                    star = at++;
                    from = i;
                } else if (at < pattern.length()
                        && (pattern.charAt(at) == '?' || pattern.charAt(at) == name.charAt(i))) {
                    at++;
                    i++;
                } else if (star >= 0) {
                    at = star + 1;
                    i = ++from;
                } else {
                    return false;
                }
            }
            while (at < pattern.length() && pattern.charAt(at) == '*') {
                at++;
            }
            return at == pattern.length();
        }
    }
}
