package io.linkops.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Holds the names on the wire: two versions of LinkOps on one bus must agree on them. {@code mvn test
 * -Dtest=WireNamesTest -Dwire.apply} writes the list anew.
 */
class WireNamesTest {
    private static final Path LIST = Path.of("src/test/resources/wire-names.txt");

    @Test
    void theNamesOnTheWireAreTheKnownOnes() throws Exception {
        var names = String.join("\n", Contracts.types().names()) + "\n";
        if (System.getProperty("wire.apply") != null) {
            Files.writeString(LIST, names);
        }
        assertThat(names)
                .as("a message was added, renamed or removed; if that is meant: -Dtest=WireNamesTest -Dwire.apply")
                .isEqualTo(Files.readString(LIST));
    }
}
