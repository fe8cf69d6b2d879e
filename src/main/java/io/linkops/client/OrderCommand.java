package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An order to an operation that is under way: {@code stop}, {@code pause}, {@code resume}. */
@Command(footer = Exit.FOOTER)
final class OrderCommand implements Callable<Integer> {
    private static final int MOST_PATIENCE = 3600;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ID", description = "The operation.")
    private String id = "";

    @Option(names = "--wait", description = "Wait until the operation is over.")
    private boolean isWaiting;

    @Mixin
    private ServerOptions server;

    OrderCommand(Seat seat) {
        this.server = new ServerOptions(seat);
    }

    @Override
    public Integer call() throws InterruptedException {
        return server.speak(false, this::give);
    }

    private int give(Talk talk) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var path = "/api/operations/" + LinkOpsServer.part(id);
        var order = spec.name();
        var answer = talk.server().post(path + "/" + order, new JsonObject()).json();
        if (isWaiting) {
            try (var report = new LiveReport(talk.screen(), false)) {
                new OperationTail(talk.server(), java.time.Duration.ofSeconds(MOST_PATIENCE), report)
                        .follow(id, _ -> {});
            }
        }
        var operation = talk.server().get(path).json();
        if (talk.isJson()) {
            talk.screen().json((isWaiting ? operation : answer).encode());
        } else {
            talk.screen().result(Told.operation(operation));
        }
        return Exit.SUCCESS;
    }
}
