package io.linkops.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrangePlacesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"/root/keys", "/home/ada/.ssh", "/etc/cron.d", "/usr/lib/x", "/var/spool/cron", "/srv/.git/x"})
    void whereOtherProgramsLookIsStrange(String place) {
        assertThat(Restoring.isStrange(Path.of(place))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/linkops/known_hosts", "/var/lib/linkops/keys", "/srv/linkops", "/opt/x/linkops.db"})
    void whereLinkOpsKeepsItsOwnIsNot(String place) {
        assertThat(Restoring.isStrange(Path.of(place))).isFalse();
    }
}
