package io.linkops;

import io.linkops.store.Database;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whether what everything stands on answers: each event loop, and the database. */
final class Pulse {
    private final List<Context> loops = new CopyOnWriteArrayList<>();
    private final Database database;

    Pulse(Database database) {
        this.database = database;
    }

    /** One context on each event loop. @return the deployment's id */
    Future<String> deploy(Vertx vertx) {
        var options = new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE);
        return vertx.deployVerticle(Listener::new, options);
    }

    /**
     * Completes once all have answered. A database that refuses (a full disk, say) has answered: ending the process
     * would not help it, and would cost what runs.
     */
    Future<Void> beat() {
        List<Future<?>> answers = new ArrayList<>();
        for (var loop : loops) {
            Promise<Void> answer = Promise.promise();
            loop.runOnContext(_ -> answer.complete());
            answers.add(answer.future());
        }
        answers.add(database.check().otherwiseEmpty());
        return Future.join(answers).mapEmpty();
    }

    private final class Listener extends VerticleBase {
        @Override
        public Future<?> start() {
            loops.add(context);
            return Future.succeededFuture();
        }
    }
}
