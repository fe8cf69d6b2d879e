package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.assertj.core.api.AbstractThrowableAssert;

class BashScriptProperties {

    /** P15: any interpreter that is not bash is refused before anything else, naming script and first line. */
    @Property(tries = 1000)
    @Tag("P15")
    void anotherInterpreterIsRefused(
            @ForAll("interpreters") String interpreter, @ForAll("options") List<String> options) throws Exception {
        var line = ("#!" + interpreter + " " + String.join(" ", options)).stripTrailing();
        refused(line + "\necho hi\n").hasMessageContaining(line);
    }

    @Provide
    Arbitrary<String> interpreters() {
        var known = Arbitraries.of(
                "/bin/sh",
                "/bin/dash",
                "/usr/bin/python3",
                "/usr/bin/env python3",
                "/usr/bin/env sh",
                "/usr/bin/env -S perl -w",
                "/usr/bin/env",
                "/bin/bash2",
                "/bin/bashful",
                "bash",
                "/tmp/bash",
                "/bin/../tmp/bash",
                "/bin/rbash",
                "\u2003/bin/bash",
                "\f/bin/bash",
                "/usr/bin/env -i bash",
                "/usr/bin/env X=1 bash",
                "/usr/bin/envbash");
        var random = Arbitraries.strings()
                .withChars("abehnsuv/-._ \t")
                .ofMaxLength(14)
                .filter(text -> !text.strip().startsWith("/bin/bash"));
        return Arbitraries.oneOf(known, random);
    }

    /** P15: a first line that is no shebang at all is refused. */
    @Property(tries = 500)
    @Tag("P15")
    void aFileWithoutAShebangIsRefused(@ForAll String text) throws Exception {
        Assume.that(!text.startsWith("#!"));
        refused(text);
    }

    /** P15: bash in every form there is, with the options as they stand. */
    @Property(tries = 1000)
    @Tag("P15")
    void bashIsAcceptedWithItsOptions(
            @ForAll("bash") String bash, @ForAll("blanks") String blanks, @ForAll("options") List<String> options) {
        var words = new ArrayList<>(List.of(bash));
        words.addAll(options);
        var line = "#!" + blanks + String.join(blanks.isEmpty() ? " " : blanks, words) + blanks;
        assertThat(options(line + "\necho hi\n")).isEqualTo(options);
        assertThat(options(line)).as("without a line end").isEqualTo(options);
    }

    @Provide
    Arbitrary<String> bash() {
        return Arbitraries.of(
                "/bin/bash",
                "/usr/bin/bash",
                "/usr/local/bin/bash",
                "/usr/bin/env bash",
                "/bin/env bash",
                "/usr/bin/env -S bash",
                "/usr/bin/env\t-S  bash");
    }

    @Provide
    Arbitrary<String> blanks() {
        return Arbitraries.strings().withChars(" \t").ofMaxLength(3);
    }

    @Provide
    Arbitrary<List<String>> options() {
        return Arbitraries.of(
                        List.of("-e"),
                        List.of("-u"),
                        List.of("+x"),
                        List.of("-eu"),
                        List.of("-euo", "pipefail"),
                        List.of("--norc"),
                        List.of("-O", "extglob"))
                .list()
                .ofMaxSize(6)
                .map(options -> options.stream().flatMap(List::stream).toList());
    }

    /** P15: what makes bash read its commands elsewhere, or is no option, is refused wherever it stands. */
    @Property(tries = 200)
    @Tag("P15")
    void whatIsNoOptionForAScriptIsRefused(
            @ForAll("bash") String bash,
            @ForAll("options") List<String> before,
            @ForAll("strangers") String stranger,
            @ForAll("options") List<String> after)
            throws Exception {
        var words = new java.util.ArrayList<>(before);
        words.add(stranger);
        words.addAll(after);
        refused("#!" + bash + " " + String.join(" ", words) + "\necho hi\n").hasMessageContaining(stranger);
    }

    @Provide
    Arbitrary<String> strangers() {
        return Arbitraries.of(
                "-c", "-s", "-i", "-ec", "-es", "/tmp/other.sh", "id", "--rcfile", "--init-file=x", "-", "--");
    }

    /** P15: a NUL byte anywhere refuses the script, whatever its first line. */
    @Property(tries = 200)
    @Tag("P15")
    void aNulByteAnywhereIsRefused(@ForAll("bash") String bash, @ForAll String before, @ForAll String after)
            throws Exception {
        refused("#!" + bash + "\n" + before + "\0" + after).hasMessageContaining("NUL");
    }

    /** P15: bytes that are no bash script are refused as such, whatever they are; nothing else happens. */
    @Property(tries = 1000)
    @Tag("P15")
    void anyBytesAreRefusedAsNotBash(@ForAll byte[] content, @ForAll boolean isMarked) {
        var head = isMarked ? new byte[] {'#', '!'} : new byte[0];
        var all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        assertThatThrownBy(() -> BashScript.options("s", all))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_BASH));
    }

    @Example
    void anEmptyFileIsRefused() throws Exception {
        refused("").hasMessageContaining("does not begin with #!/bin/bash");
    }

    @Example
    void windowsLineEndsAreRefusedAndCalledByTheirName() throws Exception {
        refused("#!/bin/bash\r\necho hi\r\n").hasMessageContaining("CRLF");
        refused("#!/usr/bin/env bash\r").hasMessageContaining("CRLF");
    }

    @Example
    void aByteOrderMarkIsRefusedAndCalledByItsName() throws Exception {
        refused("\ufeff#!/bin/bash\necho hi\n").hasMessageContaining("byte order mark");
    }

    @Example
    void oneEndlessLineIsRefusedAndNotRepeated() throws Exception {
        refused("#!/bin/bash " + "-x ".repeat(350_000))
                .hasMessageContaining("first line of more than 255 bytes")
                .satisfies(cause -> assertThat(cause.getMessage()).hasSizeLessThan(200));
        refused("x".repeat(1 << 20))
                .satisfies(cause -> assertThat(
                                ((Failure) cause).details().get("first_line").toString())
                        .hasSizeLessThan(300));
    }

    @Example
    void theLongestLineTheKernelReadsIsAccepted() {
        var line = "#!/bin/bash -" + "x".repeat(255 - 13);
        assertThat(options(line + "\n")).hasSize(1);
    }

    private static List<String> options(String text) {
        return BashScript.options("deploy", text.getBytes(StandardCharsets.UTF_8));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(String text) throws Exception {
        return assertThatThrownBy(() -> options(text)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.NOT_BASH);
            assertThat(failure.text()).contains("deploy");
            assertThat(failure.details()).containsEntry("script", "deploy").containsKey("first_line");
        });
    }
}
