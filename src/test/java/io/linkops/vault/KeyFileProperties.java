package io.linkops.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** P29: For any SSH key file, if the mode is not 600 (or the owner is not ours), the key is rejected with an error. */
class KeyFileProperties {
    private static Path keys = Path.of("");

    @BeforeContainer
    static void makeDirectory() throws Exception {
        keys = Files.createTempDirectory("linkops-keys");
    }

    @AfterContainer
    static void removeDirectory() throws Exception {
        try (var files = Files.walk(keys).sorted(java.util.Comparator.reverseOrder())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
    }

    @Property(tries = 300)
    @Tag("P29")
    void aKeyIsReadIfAndOnlyIfItsModeIs600(@ForAll("modes") int mode, @ForAll("names") String name) throws Exception {
        Path file = keys.resolve(name);
        Files.writeString(file, "KEY " + name);
        Files.setAttribute(file, "unix:mode", mode);
        var keyFiles = new KeyFiles(keys);
        try {
            if (mode == 0600) {
                assertThat(keyFiles.read(name).reveal()).isEqualTo("KEY " + name);
            } else {
                assertThatThrownBy(() -> keyFiles.read(name))
                        .isInstanceOf(KeyFileException.class)
                        .hasMessageContaining(name)
                        .hasMessageContaining(Integer.toOctalString(mode))
                        .hasMessageContaining("chmod 600 " + file);
            }
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 100)
    @Tag("P29")
    void aKeyOfAnotherOwnerIsRejected(@ForAll @IntRange(max = 70000) int otherUid, @ForAll("names") String name)
            throws Exception {
        Path file = keys.resolve(name);
        Files.writeString(file, "KEY");
        Files.setAttribute(file, "unix:mode", 0600);
        int ourUid = (Integer) Files.getAttribute(file, "unix:uid");
        try {
            if (otherUid == ourUid) {
                assertThat(new KeyFiles(keys, otherUid).read(name).reveal()).isEqualTo("KEY");
            } else {
                assertThatThrownBy(() -> new KeyFiles(keys, otherUid).read(name))
                        .isInstanceOf(KeyFileException.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageContaining("chown " + otherUid);
            }
        } finally {
            Files.delete(file);
        }
    }

    @Provide
    Arbitrary<Integer> modes() {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.just(0600)),
                net.jqwik.api.Tuple.of(2, Arbitraries.of(0400, 0640, 0644, 0660, 0700, 0604, 01600, 02600, 04600)),
                net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(0, 07777)));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withChars('-', '_', '.', ' ')
                .ofMinLength(1)
                .ofMaxLength(40)
                .filter(name -> !name.startsWith("."));
    }
}
