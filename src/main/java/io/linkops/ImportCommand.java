package io.linkops;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.imports.Defaults;
import io.linkops.imports.Inventories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a links.yaml made from what another tool knows; needs no server and changes nothing. */
@Command(
        name = "import",
        description = "Print a links.yaml made from the inventory of another tool.",
        synopsisSubcommandLabel = "KIND",
        footer = "%nWarnings go to standard error. Review what is printed before you commit it.")
final class ImportCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(name = "ssh-config", description = "From a configuration of OpenSSH's client (~/.ssh/config).")
    int sshConfig(@Mixin Source source) throws IOException {
        return print(Inventories.SSH_CONFIG, source);
    }

    @Command(name = "ansible", description = "From an inventory of Ansible, INI or YAML; groups become tags.")
    int ansible(@Mixin Source source) throws IOException {
        return print(Inventories.ANSIBLE, source);
    }

    @Command(
            name = "csv",
            description = "From a table whose first line names the columns: id, type, provider, host, port, user, tags,"
                    + " client_id, client_id_path, key_ref, proxy_jump, host_key, metadata.NAME.")
    int csv(@Mixin Source source) throws IOException {
        return print(Inventories.CSV, source);
    }

    /** Where it comes from, and what it does not say. */
    static final class Source {
        @Parameters(paramLabel = "FILE", description = "The inventory; - for standard input.")
        private String file = "-";

        @Option(names = "--type", paramLabel = "TYPE", description = "Type of links that have none (default: VM).")
        private String type = "VM";

        @Option(names = "--user", paramLabel = "NAME", description = "User of links that have none (default: root).")
        private String user = "root";
    }

    private int print(Inventories kind, Source source) throws IOException {
        var file = source.file.equals("-") ? null : Path.of(source.file);
        try {
            var imported = kind.read(text(file), file, new Defaults(source.type, source.user), UUID::randomUUID);
            var line = spec.commandLine();
            imported.warnings().forEach(warning -> line.getErr().println("warning: " + inOneLine(warning)));
            line.getErr().flush();
            if (imported.links() == 0) {
                throw new Failure(ErrorCode.VALIDATION_FAILED, "There is no link in " + source.file);
            }
            line.getOut().print(imported.yaml());
            line.getOut().flush();
            return 0;
        } catch (IllegalArgumentException e) {
            throw new Failure(ErrorCode.VALIDATION_FAILED, source.file + ": " + e.getMessage());
        }
    }

    private static String text(@Nullable Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = file == null ? System.in.readAllBytes() : Files.readAllBytes(file);
        } catch (IOException e) {
            throw new Failure(ErrorCode.NOT_FOUND, "Cannot read " + file + ": " + e);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("is not UTF-8 text", e);
        }
    }

    private static String inOneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Import what? ssh-config, ansible or csv.");
    }
}
