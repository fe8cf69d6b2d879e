package io.linkops.ssh;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Any Unicode text but NUL and lone surrogates, with a liking for what shells take amiss. */
final class AnyText {
    private AnyText() {}

    static Arbitrary<String> withoutNul() {
        var nasty = Arbitraries.of(
                "",
                "-",
                "--",
                "-e",
                "-n",
                "'",
                "\"",
                "\\",
                "\n",
                "\r\n",
                "\t",
                " ",
                "  a  ",
                "$(touch /tmp/pwned)",
                "`id`",
                "${IFS}",
                "$HOME",
                "*",
                "?",
                "[a-z]",
                "~",
                "!",
                "!!",
                "#",
                ";",
                "&",
                "|",
                ">",
                "<",
                "(",
                ")",
                "{a,b}",
                "%s",
                "%n",
                "\\n",
                "\\0",
                "\u0001",
                "\u0007",
                "\u001b[31m",
                "\u007f",
                "\u0080",
                "ä",
                "€",
                "😀",
                "\u202e",
                "\ufeff",
                "'; rm -rf /; '",
                "$'\\x41'",
                "a\nlinkops:x started 1\n",
                "=",
                "A=b",
                "//",
                "..",
                "\\'",
                "'\\''");
        var any = Arbitraries.strings().all().ofMaxLength(30).map(AnyText::sound);
        var ascii = Arbitraries.strings().withCharRange('\u0001', '\u007f').ofMaxLength(60);
        var mixed = Arbitraries.oneOf(nasty, any, ascii)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(parts -> String.join("", parts));
        return Arbitraries.oneOf(nasty, any, ascii, mixed);
    }

    private static String sound(String text) {
        var sound = new StringBuilder();
        text.codePoints()
                .filter(point -> point != 0 && (point < 0xD800 || point > 0xDFFF))
                .forEach(sound::appendCodePoint);
        return sound.toString();
    }
}
