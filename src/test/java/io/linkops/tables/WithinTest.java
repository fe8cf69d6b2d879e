package io.linkops.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A scope narrows each table, or the table is not for whoever has one. */
class WithinTest {
    private static final Set<String> LINKS = Set.of("web-2", "web-1");
    private static final Set<String> SCRIPTS = Set.of("report");

    private static final Set<String> NARROWED =
            Set.of("tbl_links", "tbl_link_health", "tbl_operations", "tbl_operations_history", "tbl_recent_activity");

    @Test
    void everyTableIsNarrowedOrRefused() {
        var within = new Within(LINKS, SCRIPTS);
        assertThat(Definitions.ALL).hasSizeGreaterThan(NARROWED.size());
        for (var table : Definitions.ALL) {
            if (NARROWED.contains(table.name())) {
                assertThat(within.condition(table)).contains("json_each(?)");
            } else {
                assertThatThrownBy(() -> within.condition(table))
                        .isInstanceOfSatisfying(
                                Failure.class,
                                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FORBIDDEN));
            }
        }
    }

    @Test
    void thereIsAValueForEachQuestionMark() {
        for (var within : new Within[] {
            new Within(LINKS, SCRIPTS),
            new Within(LINKS, null),
            new Within(null, SCRIPTS),
            new Within(Set.of(), Set.of())
        }) {
            for (var table : Definitions.ALL) {
                if (NARROWED.contains(table.name())) {
                    assertThat(within.values(table))
                            .as(within + " of " + table.name())
                            .hasSize((int) within.condition(table)
                                    .chars()
                                    .filter(c -> c == '?')
                                    .count());
                }
            }
        }
    }

    @Test
    void linksComeBeforeScriptsInOrder() {
        var table = Definitions.named("tbl_operations").orElseThrow();
        var within = new Within(LINKS, SCRIPTS);
        assertThat(within.values(table)).containsExactly("[\"web-1\",\"web-2\"]", "[\"report\"]");
        assertThat(within.condition(table))
                .contains("o.id = tbl_operations.id")
                .containsSubsequence("x.target", "s.value");
    }

    @Test
    void whoMaySeeAllLinksSeesThemWhateverTheScripts() {
        var links = Definitions.named("tbl_links").orElseThrow();
        assertThat(new Within(null, SCRIPTS).condition(links)).isEqualTo("1 = 1");
        assertThat(new Within(null, SCRIPTS).values(links)).isEmpty();
        assertThat(new Within(Set.of(), null).condition(links)).contains("id IN");
        assertThat(new Within(Set.of(), null).values(links)).containsExactly("[]");
    }

    @Test
    void onlyWithoutAnyLimitItIsAll() {
        assertThat(Within.ALL.isAll()).isTrue();
        assertThat(new Within(Set.of(), null).isAll()).isFalse();
        assertThat(new Within(null, Set.of()).isAll()).isFalse();
    }
}
