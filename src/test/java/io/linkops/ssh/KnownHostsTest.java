package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHostsTest {
    private static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    private static final String GITHUB_FINGERPRINT = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

    @TempDir
    private Path directory;

    @Test
    void readsThePlainNameOfTheStandardPort() throws Exception {
        var file = write("example.org,192.0.2.7 " + ED25519 + " a comment\n");
        assertThat(trusted(file, "example.org", 22)).containsExactly(GITHUB_FINGERPRINT);
        assertThat(trusted(file, "EXAMPLE.org", 22)).containsExactly(GITHUB_FINGERPRINT);
        assertThat(trusted(file, "192.0.2.7", 22)).containsExactly(GITHUB_FINGERPRINT);
        assertThat(trusted(file, "example.org", 2222)).isEmpty();
        assertThat(trusted(file, "example.com", 22)).isEmpty();
    }

    @Test
    void readsANameWithAPort() throws Exception {
        var file = write("[example.org]:2222 " + ED25519 + "\n");
        assertThat(trusted(file, "example.org", 2222)).hasSize(1);
        assertThat(trusted(file, "example.org", 22)).isEmpty();
    }

    @Test
    void readsHashedNames() throws Exception {
        var file = write("first.example " + ED25519 + "\n[second.example]:2200 " + ED25519 + "\n");
        new ProcessBuilder("ssh-keygen", "-q", "-H", "-f", file.toString())
                .start()
                .waitFor();
        assertThat(Files.readString(file)).contains("|1|").doesNotContain("example");
        assertThat(trusted(file, "first.example", 22)).hasSize(1);
        assertThat(trusted(file, "second.example", 2200)).hasSize(1);
        assertThat(trusted(file, "second.example", 22)).isEmpty();
    }

    @Test
    void readsWildcardsAndNegations() throws Exception {
        var file = write("*.example.org,!db.example.org,10.0.?.1 " + ED25519 + "\n");
        assertThat(trusted(file, "web.example.org", 22)).hasSize(1);
        assertThat(trusted(file, "db.example.org", 22)).isEmpty();
        assertThat(trusted(file, "example.org", 22)).isEmpty();
        assertThat(trusted(file, "10.0.3.1", 22)).hasSize(1);
        assertThat(trusted(file, "10.0.33.1", 22)).isEmpty();
    }

    @Test
    void tellsRevokedKeysApart() throws Exception {
        var file = write("example.org " + ED25519 + "\n@revoked * " + ED25519 + "\n");
        var entries = new KnownHosts(file).of("example.org", 22);
        assertThat(entries.isRevoked(entries.trusted().getFirst())).isTrue();
    }

    @Test
    void trustsNobodyByDamagedLinesCommentsAndAuthorities() throws Exception {
        var file = write("# example.org " + ED25519 + "\n@cert-authority example.org " + ED25519
                + "\nexample.org ssh-ed25519\nexample.org ssh-ed25519 ???\n|1|x example.org\n\n");
        assertThat(trusted(file, "example.org", 22)).isEmpty();
    }

    @Test
    void readsTheFileAgainWhenItHasChanged() throws Exception {
        var file = write("");
        var hosts = new KnownHosts(file);
        assertThat(hosts.of("example.org", 22).trusted()).isEmpty();
        Files.writeString(file, "example.org " + ED25519 + "\n");
        assertThat(hosts.of("example.org", 22).trusted()).hasSize(1);
        Files.writeString(file, "example.net " + ED25519 + "\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        assertThat(hosts.of("example.org", 22).trusted()).isEmpty();
        Files.delete(file);
        assertThat(hosts.of("example.net", 22).trusted()).isEmpty();
    }

    @Test
    void knowsNobodyWithoutAFile() throws Exception {
        assertThat(new KnownHosts(null).of("example.org", 22).trusted()).isEmpty();
    }

    private static java.util.List<String> trusted(Path file, String host, int port) throws Exception {
        return new KnownHosts(file)
                .of(host, port).trusted().stream().map(HostKey::fingerprint).toList();
    }

    private Path write(String text) throws Exception {
        return Files.writeString(directory.resolve("known_hosts"), text);
    }
}
