package io.linkops.client;

import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that speaks to a server. A token is never an argument: everybody sees those. */
final class ServerOptions {
    private static final String DEFAULT_URL = "http://127.0.0.1:8080";

    private final Seat seat;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The server (default: $LINKOPS_URL, then " + DEFAULT_URL + ").")
    private @Nullable String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with the token, mode 600 (default: the token in $LINKOPS_TOKEN).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Certificates in PEM to trust besides Java's own (default: $LINKOPS_CA_FILE).")
    private @Nullable Path caFile;

    @Option(
            names = "--allow-http",
            description = "Send the token in clear text to another machine (default: $LINKOPS_ALLOW_HTTP).")
    private boolean mayBePlain;

    @Option(names = "--json", description = "Print JSON for machines, one object in a line.")
    private boolean isJson;

    ServerOptions(Seat seat) {
        this.seat = seat;
    }

    Seat seat() {
        return seat;
    }

    boolean isJson() {
        return isJson;
    }

    /** Called wrongly. */
    ParameterException misuse(String text) {
        return new ParameterException(spec.commandLine(), text);
    }

    /** Does it, and turns what can go wrong into one message and an exit code. */
    int speak(boolean isRaw, Talk.Act act) throws InterruptedException {
        var line = spec.commandLine();
        var screen = new Screen(line.getOut(), line.getErr(), seat, isRaw);
        try (var server = new LinkOpsServer(address())) {
            return act.with(new Talk(server, screen, isJson));
        } catch (ServerRefusal e) {
            screen.note("linkops: " + e.getMessage());
            return e.isAboutTheCaller() ? Exit.NOT_ADMITTED : Exit.FAILED;
        } catch (ServerUnreachable e) {
            screen.note("linkops: " + e.getMessage());
            return Exit.UNREACHABLE;
        } catch (CancellationException e) {
            return Exit.FAILED;
        } catch (IllegalArgumentException e) {
            throw misuse(String.valueOf(e.getMessage()));
        }
    }

    private ServerAddress address() {
        var environment = seat.environment();
        var authorities = environment.getOrDefault("LINKOPS_CA_FILE", "");
        var file = tokenFile;
        var variable = environment.getOrDefault("LINKOPS_TOKEN", "");
        if (file == null && variable.isEmpty()) {
            throw misuse("There is no token: put one into LINKOPS_TOKEN, or into a file and name it with --token-file");
        }
        return ServerAddress.of(
                url != null ? url : environment.getOrDefault("LINKOPS_URL", DEFAULT_URL),
                file != null ? TokenFile.read(file) : TokenFile.token(variable, "LINKOPS_TOKEN"),
                caFile != null || authorities.isEmpty() ? caFile : Path.of(authorities),
                mayBePlain || environment.getOrDefault("LINKOPS_ALLOW_HTTP", "").equals("true"));
    }
}
