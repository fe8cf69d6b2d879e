package io.linkops.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What foreign text cannot do in a notice. */
class WordingProperties {

    /** For any text: one line, no control characters, bounded; cleaning it again changes nothing. */
    @Property(tries = 500)
    void isOneBoundedLine(@ForAll String text) {
        var cleaned = Wording.clean(text + "\r\nBcc: x@y.example\u0085\u2028");
        assertThat(cleaned.codePoints()).noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
        assertThat(cleaned.length()).isLessThanOrEqualTo(Wording.LONGEST);
        assertThat(Wording.clean(cleaned)).isEqualTo(cleaned);
    }

    /** For any text: what passes for an address has one @ and nothing that ends a command or a header. */
    @Property(tries = 500)
    void addressesHaveNothingThatEndsALine(@ForAll String text) {
        for (var address : new String[] {text, text + "@example.com", "ops@" + text}) {
            if (WishCheck.isAddress(address)) {
                assertThat(address).matches("[!-~]+@[!-~]+").doesNotContain("<", ">", ",", ";", "\"");
            }
        }
        assertThat(WishCheck.isAddress("ops@example.com")).isTrue();
        assertThat(WishCheck.isAddress("ops@example.com\r\nRCPT TO:<x@y.example>"))
                .isFalse();
    }
}
