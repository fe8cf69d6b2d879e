package io.linkops.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that writes the client id, run by a local bash, as root and as somebody who may not write. */
class EnrollProgramTest {
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    @TempDir
    Path directory;

    private Path program;

    private record Ran(int code, String out, String err) {}

    @BeforeEach
    void unpack() throws Exception {
        program = directory.resolve("enroll.bash");
        try (var in = Enroller.class.getResourceAsStream("enroll.bash")) {
            Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
        }
        open(directory, "rwxr-xr-x");
        open(program, "rw-r--r--");
    }

    private static void open(Path path, String mode) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private Ran run(List<String> as, Path file, String id, String mode) throws Exception {
        var command = new ArrayList<>(as);
        command.addAll(List.of("bash", program.toString(), file.toString(), id, mode));
        var builder = new ProcessBuilder(command);
        builder.environment().put("PATH", directory.resolve("bin") + File.pathSeparator + System.getenv("PATH"));
        builder.redirectError(directory.resolve("err").toFile());
        var process = builder.start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(directory.resolve("err")));
    }

    private void sudo(String script) throws Exception {
        Files.createDirectories(directory.resolve("bin"));
        open(directory.resolve("bin"), "rwxr-xr-x");
        var sudo = Files.writeString(directory.resolve("bin/sudo"), "#!/bin/bash\n" + script + "\n");
        open(sudo, "rwxr-xr-x");
    }

    private static void requireRoot() {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can become somebody else");
    }

    @Test
    void writesAtomicallyKeepsWhatIsThereAndReplacesWhenAsked() throws Exception {
        var file = directory.resolve("a b/c/client_id");
        assertThat(run(List.of(), file, "LINKOPS-1", "keep")).isEqualTo(new Ran(0, "written\n", ""));
        assertThat(Files.readString(file)).isEqualTo("LINKOPS-1\n");
        assertThat(run(List.of(), file, "LINKOPS-1", "keep").out()).isEqualTo("same\n");
        assertThat(run(List.of(), file, "LINKOPS-2", "keep").code()).isEqualTo(24);
        assertThat(Files.readString(file)).isEqualTo("LINKOPS-1\n");
        assertThat(run(List.of(), file, "-n $(id)\\", "replace").out()).isEqualTo("replaced LINKOPS-1\n");
        assertThat(Files.readString(file)).isEqualTo("-n $(id)\\\n");
        Files.writeString(file, " \n");
        assertThat(run(List.of(), file, "LINKOPS-1", "keep").out()).isEqualTo("written\n");
        try (var left = Files.list(file.getParent())) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void leavesEverythingElseAlone() throws Exception {
        var big = Files.writeString(directory.resolve("big"), "x".repeat(257));
        assertThat(run(List.of(), big, "LINKOPS-1", "replace").code()).isEqualTo(23);
        assertThat(run(List.of(), directory, "LINKOPS-1", "replace").code()).isEqualTo(23);
        var link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));
        assertThat(run(List.of(), link, "LINKOPS-1", "replace").code()).isEqualTo(23);
        assertThat(run(List.of(), big.resolve("below"), "LINKOPS-1", "keep").code())
                .isEqualTo(25);
    }

    @Test
    void whoMayNotWriteUsesSudoWithTheValuesAsArguments() throws Exception {
        requireRoot();
        var shut = Files.createDirectory(directory.resolve("shut"));
        open(shut, "rwxr-xr-x");
        var file = shut.resolve("client_id");
        var told = Files.createFile(directory.resolve("told"));
        open(told, "rw-rw-rw-");
        sudo("printf '<%s>' \"$@\" > " + told + "; echo 'sudo: a password is required' >&2; exit 1");
        var refused = run(AS_NOBODY, file, "LINKOPS-$(x) y", "keep");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("a password is required");
        assertThat(Files.readString(told))
                .isEqualTo("<-n><--><bash><" + program + "><" + file + "><LINKOPS-$(x) y><keep>");
        assertThat(file).doesNotExist();
    }

    @Test
    void whoMayWriteDoesNotAskForSudo() throws Exception {
        requireRoot();
        sudo("exit 99");
        var shared = Files.createDirectory(directory.resolve("shared"));
        open(shared, "rwxrwxrwx");
        assertThat(run(AS_NOBODY, shared.resolve("client_id"), "LINKOPS-1", "keep")
                        .out())
                .isEqualTo("written\n");
        var mine = Files.writeString(shared.resolve("closed"), "LINKOPS-other");
        open(mine, "rw-------");
        assertThat(run(AS_NOBODY, mine, "LINKOPS-1", "replace").code()).isEqualTo(99);
    }
}
