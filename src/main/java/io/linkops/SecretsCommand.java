package io.linkops;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.secrets.Secrets;
import io.linkops.vault.Secret;
import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The vault on the command line: by the API of the LinkOps that runs, else on the database itself. */
@Command(
        name = "secrets",
        description = "Keep secrets encrypted in LinkOps's database, to be used as vault:NAME.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nWith LINKOPS_URL and LINKOPS_TOKEN (an admin's) set, the LinkOps that runs there is asked;",
            "without, its database on this machine is opened, which needs LinkOps to be stopped."
        })
final class SecretsCommand implements Runnable {
    private static final int LONGEST = 16 * 1024;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SecretsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Which LinkOps. */
    static final class Where {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Configuration file, YAML or INI (default: /etc/linkops/config.yaml).")
        private @Nullable Path config;
    }

    @Command(name = "list", description = "Print the names of all secrets, and who put them there when.")
    int list(@Mixin Where where) throws Exception {
        return with(where, vault -> {
            var out = spec.commandLine().getOut();
            for (var each : vault.list().secrets()) {
                out.println(each.name() + "\t" + each.updatedAt() + "\t" + each.updatedBy());
            }
            out.flush();
        });
    }

    @Command(
            name = "put",
            description = "Put a secret into the vault; its value is read from standard input, without the last line"
                    + " end.")
    int put(@Mixin Where where, @Parameters(paramLabel = "NAME") String name) throws Exception {
        var value = value();
        surroundings.masking().register(value);
        return with(where, vault -> {
            vault.put(name, value);
            say("The secret " + name + " is in the vault");
        });
    }

    @Command(name = "delete", description = "Delete a secret from the vault.")
    int delete(@Mixin Where where, @Parameters(paramLabel = "NAME") String name) throws Exception {
        return with(where, vault -> {
            vault.delete(name);
            say("The secret " + name + " is deleted");
        });
    }

    @Command(name = "rotate-master", description = "Make a new master key and give the old one up.")
    int rotate(@Mixin Where where) throws Exception {
        return with(where, vault -> {
            Secrets.Rotated rotated = vault.rotate();
            say("The master key is " + rotated.masterKey() + " now; back it up, apart from the database");
        });
    }

    private interface Act {
        void on(OpenVault vault) throws Exception;
    }

    private int with(Where where, Act act) throws Exception {
        try (var vault = OpenVault.of(surroundings, where.config)) {
            act.on(vault);
            return 0;
        }
    }

    private void say(String text) {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }

    /** Typed without an echo, or piped. */
    private static Secret value() throws IOException {
        var console = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (console.isPresent()) {
            var typed = console.get().readPassword("Value: ");
            return new Secret(typed == null ? "" : new String(typed));
        }
        byte[] bytes = System.in.readNBytes(LONGEST + 3);
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new Secret(text.replaceFirst("\r?\n\\z", ""));
        } catch (CharacterCodingException e) {
            throw new Failure(ErrorCode.VALIDATION_FAILED, "The value on standard input is not UTF-8 text");
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Do what? list, put, delete or rotate-master.");
    }
}
