package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.accounts.Accounts.Scope;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user may touch, as it is written down: what cannot be read lets nobody do everything. */
class ScopeTextTest {
    @Test
    void whatIsWrittenIsRead() {
        for (var scope : List.of(
                Scope.ALL,
                new Scope(List.of("tag:web", "!vm-9"), List.of("report_*")),
                new Scope(List.of("*"), List.of()),
                new Scope(List.of(), List.of("\"quoted\"")))) {
            assertThat(ScopeText.scope(ScopeText.of(scope))).isEqualTo(scope);
        }
        assertThat(ScopeText.of(Scope.ALL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"targets\":[],\"scripts\":[]}",
                "{\"targets\":[\"a\"]}",
                "{\"targets\":[null],\"scripts\":[]}",
                "{\"targets\":[1],\"scripts\":[]}",
                "{\"targets\":null,\"scripts\":null}",
                " ",
                "null",
                "[]",
                "{\"targets\":"
            })
    void whatIsDamagedIsNoScope(String text) {
        assertThatThrownBy(() -> ScopeText.scope(text)).isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "!", "! ", " web", "web ", "a\nb", "a\u0000b"})
    void entriesWithoutANameAreRefused(String entry) {
        assertThat(ScopeText.problem(List.of("fine", entry))).isPresent();
    }

    @Test
    void entriesAndTheirNumberHaveAnEnd() {
        var longest = "a".repeat(ScopeText.LONGEST);
        assertThat(ScopeText.problem(Collections.nCopies(ScopeText.MOST, longest)))
                .isEmpty();
        assertThat(ScopeText.problem(List.of(longest + "a"))).isPresent();
        assertThat(ScopeText.problem(Collections.nCopies(ScopeText.MOST + 1, "a")))
                .hasValueSatisfying(text -> assertThat(text).contains("at most 100"));
    }

    @Test
    void aScopeThatOnlyExcludesNamesNothing() {
        assertThat(ScopeText.problem(List.of("!vm-9", "!vm-8")))
                .hasValueSatisfying(text -> assertThat(text).contains("besides what it excludes"));
        assertThat(ScopeText.problem(List.of("!vm-9", "*"))).isEmpty();
        assertThat(ScopeText.problem(List.of())).isEmpty();
    }
}
