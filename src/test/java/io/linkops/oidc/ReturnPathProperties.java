package io.linkops.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a log-in is asked to lead to, it leads to a page of LinkOps, also for a browser that forgives much. */
class ReturnPathProperties {
    private static final URI HERE = URI.create("https://ops.example/api/auth/oidc/callback");

    @Property(tries = 1000)
    void leadsToAPageOfLinkOps(@ForAll("wishes") String wanted) {
        var path = ReturnPath.of(wanted);

        assertThat(path)
                .startsWith("/")
                .doesNotContain("\\", "\n", "\r", "\t", " ")
                .matches("/(?!/).*");
        // As a browser reads it: white space dropped, backslashes turned around.
        var read = path.replaceAll("[\\t\\r\\n]", "").replace('\\', '/');
        assertThat(read).doesNotStartWith("//").doesNotStartWith("/api/");
        var end = HERE.resolve(read.replaceAll("[^A-Za-z0-9/?#=.&_-]", "x").split("#", 2)[0]);
        assertThat(end.getHost()).isEqualTo("ops.example");
        assertThat(end.getScheme()).isEqualTo("https");
    }

    @Property(tries = 300)
    void keepsPagesAsTheyAre(@ForAll("pages") String page) {
        assertThat(ReturnPath.of(page)).isEqualTo(page);
    }

    @Provide
    Arbitrary<String> wishes() {
        var pieces = Arbitraries.of(
                "/",
                "//",
                "\\",
                "\t",
                "\n",
                "\r",
                " ",
                "evil.example",
                "https:",
                "javascript:",
                "@",
                "?",
                "#",
                ".",
                "..",
                "%2f",
                "%5c",
                "%09",
                "api",
                "API",
                "links",
                "é",
                "\u0000",
                ":",
                "x=1");
        return Arbitraries.oneOf(
                pieces.list().ofMaxSize(8).map(all -> String.join("", all)),
                pieces.list().ofMaxSize(8).map(all -> "/" + String.join("", all)),
                Arbitraries.strings().ofMaxLength(1_100));
    }

    @Provide
    Arbitrary<String> pages() {
        var segment = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars('-', '_', '~')
                .ofMinLength(1)
                .ofMaxLength(9);
        var query = Arbitraries.of("", "?q=web", "?sort=id&dir=asc", "#git", "?q=%20a//b");
        return net.jqwik.api.Combinators.combine(segment.list().ofMaxSize(4), query)
                .as((segments, rest) -> "/" + String.join("/", segments) + rest)
                .filter(page -> !page.matches("/api(?![a-z_~-]).*"));
    }
}
