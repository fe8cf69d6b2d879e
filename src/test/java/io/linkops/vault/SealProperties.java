package io.linkops.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What is sealed opens with its key in its place, and in no other way. */
class SealProperties {
    private static final DataKey KEY = DataKey.make("vault");

    /** For any value, what is sealed opens to it again, shows nothing of it, and is never the same twice. */
    @Property(tries = 200)
    void whatIsSealedOpensAgain(@ForAll("values") String value, @ForAll("places") String place) {
        var sealed = KEY.seal(place, new Secret(value));
        assertThat(KEY.open(place, sealed).reveal()).isEqualTo(value);
        assertThat(DataKey.isSealed(sealed)).isTrue();
        assertThat(KEY.seal(place, new Secret(value))).isNotEqualTo(sealed);
        if (value.length() > 8) {
            assertThat(sealed).doesNotContain(value);
        }
    }

    /** For any two places, what is sealed for one does not open in the other: rows cannot be swapped. */
    @Property(tries = 200)
    void aSealedValueOpensInItsOwnPlaceAlone(
            @ForAll("values") String value, @ForAll("places") String place, @ForAll("places") String other) {
        var sealed = KEY.seal(place, new Secret(value));
        if (!place.equals(other)) {
            assertClosed(KEY, other, sealed);
        }
        assertClosed(DataKey.make("vault"), place, sealed);
        assertClosed(new DataKey("channels", KEY.bytes()), place, sealed);
    }

    /** For any bit that is changed, it does not open, and the message holds nothing of it. */
    @Property(tries = 200)
    void aChangedBitIsSeen(@ForAll("values") String value, @ForAll @IntRange(max = 10_000) int at) {
        var sealed = KEY.seal("secret/a", new Secret(value));
        int colon = sealed.lastIndexOf(':') + 1;
        byte[] bytes = Base64.getDecoder().decode(sealed.substring(colon));
        bytes[at / 8 % bytes.length] ^= (byte) (1 << at % 8);
        assertClosed(
                KEY,
                "secret/a",
                sealed.substring(0, colon) + Base64.getEncoder().encodeToString(bytes));
    }

    /** For any text, opening it fails cleanly. */
    @Property(tries = 200)
    void whatWasNeverSealedDoesNotOpen(@ForAll("values") String text) {
        assertClosed(KEY, "secret/a", text);
        assertClosed(KEY, "secret/a", "sealed:1:" + text);
    }

    /** For any value, a parcel opens for its recipient and for what it is about, and for nothing and nobody else. */
    @Property(tries = 100)
    void aParcelOpensForItsRecipientAlone(@ForAll("values") String value, @ForAll("places") String about) {
        var recipient = new Parcel.Recipient();
        var parcel = Parcel.seal(recipient.address(), about, new Secret(value));
        assertThat(recipient.open(about, parcel).reveal()).isEqualTo(value);
        assertThatThrownBy(() -> recipient.open(about + "x", parcel)).isInstanceOf(SealException.class);
        assertThatThrownBy(() -> new Parcel.Recipient().open(about, parcel)).isInstanceOf(SealException.class);
        var foreign = new Parcel(new Parcel.Recipient().address(), parcel.box());
        assertThatThrownBy(() -> recipient.open(about, foreign)).isInstanceOf(SealException.class);
        assertThatThrownBy(() -> Parcel.seal(new byte[] {1, 2}, about, new Secret(value)))
                .isInstanceOf(SealException.class);
    }

    /** For any purpose, a data key unwraps with the master key it was wrapped with, for that purpose, alone. */
    @Property(tries = 100)
    void aDataKeyUnwrapsWithItsMasterKeyAlone(@ForAll("places") String purpose) {
        var old = MasterKey.make();
        var current = MasterKey.make();
        var key = DataKey.make(purpose);
        var wrapped = new Keyring(old, List.of()).wrap(key);
        var both = new Keyring(current, List.of(old));
        assertThat(both.unwrap(purpose, old.id(), wrapped).bytes()).isEqualTo(key.bytes());
        assertThatThrownBy(() -> both.unwrap(purpose + "x", old.id(), wrapped)).isInstanceOf(SealException.class);
        assertThatThrownBy(() -> both.unwrap(purpose, current.id(), wrapped)).isInstanceOf(SealException.class);
        assertThatThrownBy(() -> new Keyring(current, List.of()).unwrap(purpose, old.id(), wrapped))
                .isInstanceOf(SealException.class)
                .hasMessageContaining(old.id())
                .hasMessageContaining("previous_master_key");
        assertThat(MasterKey.of(old.text(), "here").id()).isEqualTo(old.id());
    }

    private static void assertClosed(DataKey key, String place, String sealed) {
        assertThatThrownBy(() -> key.open(place, sealed))
                .isInstanceOf(SealException.class)
                .hasMessageContaining(place)
                .hasNoCause();
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.strings()
                .excludeChars('\0')
                .ofMaxLength(300)
                .filter(text -> text.codePoints().noneMatch(point -> point >= 0xd800 && point <= 0xdfff));
    }

    @Provide
    Arbitrary<String> places() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars('/', '.', ':')
                .ofMinLength(1)
                .ofMaxLength(40);
    }
}
