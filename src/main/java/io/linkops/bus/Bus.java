package io.linkops.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The typed door to the event bus: rooms see records, never addresses, codecs or JSON. */
public final class Bus {
    /** How long an answer may take unless the asker says otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

    private final EventBus eventBus;

    private Bus(EventBus eventBus) {
        this.eventBus = eventBus;
    }

    /** Teaches a Vert.x instance the messages; once, before the first verticle is deployed. */
    public static void install(Vertx vertx, MessageTypes types) {
        var records = new MessageCodecs.Records(types);
        vertx.eventBus().registerCodec(records);
        vertx.eventBus().registerDefaultCodec(Failure.class, new MessageCodecs.Failures());
        vertx.eventBus().codecSelector(body -> types.contains(body.getClass()) ? records.name() : null);
    }

    public static Bus of(Vertx vertx) {
        return new Bus(vertx.eventBus());
    }

    /** Asks and waits at most {@link #PATIENCE}; fails with a {@link Failure}, whatever went wrong. */
    public <R extends Reply> Future<R> request(Request<R> request) {
        return request(request, PATIENCE);
    }

    /** Asks and waits at most {@code patience}; fails with a {@link Failure}, whatever went wrong. */
    public <R extends Reply> Future<R> request(Request<R> request, Duration patience) {
        var options = new DeliveryOptions().setSendTimeout(patience.toMillis());
        try {
            return send(request, options);
        } catch (RuntimeException e) {
            // A record of a contract that was not installed.
            return Future.failedFuture(asFailure(request, e));
        }
    }

    private <R extends Reply> Future<R> send(Request<R> request, DeliveryOptions options) {
        return eventBus.<R>request(address(request.getClass()), request, options)
                .map(Message::body)
                .recover(cause -> Future.failedFuture(asFailure(request, cause)));
    }

    /** Tells everybody who listens, here and on every other node. */
    public void publish(Event event) {
        eventBus.publish(address(event.getClass()), event);
    }

    /** Answers every request of this type on the calling verticle's context. */
    public <R extends Reply, Q extends Request<R>> MessageConsumer<Q> answer(
            Class<Q> type, Function<Q, Future<R>> handler) {
        return eventBus.consumer(
                address(type),
                message -> apply(handler, message.body())
                        .onSuccess(reply -> reply(message, reply))
                        .onFailure(cause -> message.reply(asFailure(message.body(), cause))));
    }

    /** Hears every event of this type or, for a sealed family, all of the family in the order they were told. */
    public <E extends Event> MessageConsumer<E> listen(Class<E> type, Consumer<E> handler) {
        return eventBus.consumer(address(type), message -> handler.accept(message.body()));
    }

    /** An answer that cannot travel fails the asker at once instead of keeping it waiting. */
    private static void reply(Message<?> message, @Nullable Reply reply) {
        try {
            message.reply(Objects.requireNonNull(reply, "no answer"));
        } catch (RuntimeException e) {
            message.reply(asFailure(message.body(), e));
        }
    }

    private static <R extends Reply, Q extends Request<R>> Future<R> apply(Function<Q, Future<R>> handler, Q request) {
        try {
            return handler.apply(request);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** What is not a Failure yet becomes one: transport faults by their kind, the unknown as INTERNAL, logged once. */
    private static Failure asFailure(Object request, Throwable cause) {
        var name = request.getClass().getSimpleName();
        return switch (cause) {
            case Failure failure -> failure;
            case ReplyException reply
            when reply.failureType() == ReplyFailure.TIMEOUT ->
                new Failure(ErrorCode.TIMEOUT, name + " was not answered in time; try again, and look at the log");
            case ReplyException reply
            when reply.failureType() == ReplyFailure.NO_HANDLERS ->
                new Failure(ErrorCode.UNAVAILABLE, name + " cannot be answered: that part of LinkOps is not running");
            default -> {
                LOG.error("{} failed unexpectedly", name, cause);
                yield new Failure(ErrorCode.INTERNAL, "An internal error; the log has the details");
            }
        };
    }

    /** Events of one sealed family share one address, so a listener sees them in order. */
    static String address(Class<?> type) {
        for (var parent : type.getInterfaces()) {
            if (parent.isSealed() && parent != BusMessage.class) {
                return parent.getName();
            }
        }
        return type.getName();
    }
}
