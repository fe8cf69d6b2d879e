package io.linkops.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;

/** The one crossing from the event loop to blocking code: a job on a pool, its result back on the caller's context. */
public final class Blocking {
    private Blocking() {}

    /** Runs the job on a named, sized pool; jobs of one verticle do not wait for each other. */
    public static <T> Future<T> on(WorkerExecutor pool, Callable<T> job) {
        Promise<T> promise = Promise.promise();
        pool.executeBlocking(answering(job, promise), false)
                .onSuccess(Runnable::run)
                .onFailure(promise::fail);
        return promise.future();
    }

    /** Runs the job on Vert.x's own worker pool: for start-up and shutdown. */
    public static <T> Future<T> on(Vertx vertx, Callable<T> job) {
        Promise<T> promise = Promise.promise();
        vertx.executeBlocking(answering(job, promise), false)
                .onSuccess(Runnable::run)
                .onFailure(promise::fail);
        return promise.future();
    }

    /** The job's result as an answer to give: not null, unlike what Vert.x says of a blocking job's result. */
    private static <T> Callable<Runnable> answering(Callable<T> job, Promise<T> promise) {
        return () -> {
            var result = job.call();
            return () -> promise.complete(result);
        };
    }
}
