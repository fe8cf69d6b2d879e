package io.linkops.api;

import io.linkops.bus.Bus;
import io.linkops.config.ApiConfig;
import io.linkops.config.SettingShown;
import io.linkops.config.TerminalConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server, on an event loop; any number of instances share one port. */
public final class ApiVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ApiVerticle.class);
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_LINE_BYTES = 8 * 1024;
    /** Longer than the longest answer takes: a first sync. */
    private static final int IDLE_SECONDS = 330;

    private static final int MAX_SOCKET_MESSAGE = 128 * 1024;
    private static final int STOP_SECONDS = 3;
    private static final int COMPRESS_FROM = 1_024;
    private static final int ANY_FREE_PORT_FOR_ALL_INSTANCES = -1;

    private final ApiConfig config;
    private final ApiSetup setup;
    private final IntConsumer whenListening;
    private final TerminalSockets sockets;
    private final Stopping stopping = new Stopping();

    ApiVerticle(ApiConfig config, ApiSetup setup, IntConsumer whenListening) {
        this.config = config;
        this.setup = setup;
        this.whenListening = whenListening;
        this.sockets = new TerminalSockets(setup.socketPace());
    }

    /**
     * Makes the instances for one deployment; they share the limit of open streams.
     *
     * @param settings all there are, as admins may see them
     * @param requestIds gives each request its id
     * @param whenListening hears the port each instance listens on: the configured one, or the free one that was taken
     *     for port 0
     */
    public static Supplier<ApiVerticle> instances(
            ApiConfig config,
            TerminalConfig terminal,
            List<SettingShown> settings,
            InstantSource clock,
            Supplier<String> requestIds,
            IntConsumer whenListening) {
        var setup = new ApiSetup(
                clock,
                requestIds,
                new StreamSlots(config.maxStreams()),
                StreamPace.NORMAL,
                new TerminalSockets.Pace(terminal.pingInterval(), terminal.idleTimeout()),
                "web",
                HttpFigures.book(),
                settings);
        return () -> new ApiVerticle(config, setup, whenListening);
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        sockets.listen(bus);
        stopping.listen(bus);
        var door = frontDoor(bus);
        new LoopLag(setup.figures()).watch(vertx);
        var port = config.port() == 0 ? ANY_FREE_PORT_FOR_ALL_INSTANCES : config.port();
        var files = TlsFiles.of(config);
        if (files == null) {
            return listen(door, options(), port);
        }
        var tls = new TlsWatch(vertx, files, setup.clock());
        return tls.secure(options())
                .compose(options -> listen(door, options, port).onSuccess(server -> tls.follow(server, options)));
    }

    private Future<HttpServer> listen(FrontDoor door, HttpServerOptions options, int port) {
        return vertx.createHttpServer(options)
                .requestHandler(door)
                .invalidRequestHandler(door::handleInvalid)
                .exceptionHandler(cause -> LOG.debug("A connection failed", cause))
                .listen(port, config.host())
                .onSuccess(server -> whenListening.accept(server.actualPort()));
    }

    /** Sockets are closed with a word, and streams ended, before the server closes their connections. */
    @Override
    public Future<?> stop() {
        return Future.join(sockets.closeAll(), stopping.endStreams())
                .timeout(STOP_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty();
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setCompressionSupported(true)
                // deflating a flood would take the event loop from everybody else
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(MAX_SOCKET_MESSAGE)
                .setMaxWebSocketMessageSize(MAX_SOCKET_MESSAGE)
                .setWebSocketClosingTimeout(STOP_SECONDS)
                .setCompressionContentSizeThreshold(COMPRESS_FROM)
                .setHttp2ClearTextEnabled(false);
    }

    private FrontDoor frontDoor(Bus bus) {
        var errors = new ErrorHandler(setup.clock());
        var log = new AccessLog(setup.clock());
        var authentication = new Authentication(bus);
        var crossOrigin = new CrossOrigin(config.corsOrigins());
        var endpoints = endpoints(bus, authentication);
        var router = new ApiRouter(
                vertx,
                authentication,
                new AuditTrail(bus, endpoints),
                crossOrigin,
                errors,
                log,
                new HttpFigures(setup.figures()),
                stopping,
                config.maxBodyBytes());
        return new FrontDoor(
                router.build(endpoints), errors, log, setup.requestIds(), new Proxies(config.trustedProxies()));
    }

    /** All there is; the tests walk it. */
    List<Endpoint> endpoints(Bus bus, Authentication authentication) {
        var streams = new Streams(
                vertx,
                bus,
                new Bells(bus),
                new OpenDoors(bus),
                authentication,
                setup.clock(),
                setup.slots(),
                setup.pace(),
                stopping);
        var upgrade = new TerminalUpgrade(streams, sockets, new CrossOrigin(config.corsOrigins()));
        var routes = new Routes();
        new AuthRoutes(bus, setup.clock()).register(routes);
        new SingleSignOnRoutes(bus, setup.clock()).register(routes);
        new UserRoutes(bus).register(routes);
        new TokenRoutes(bus, setup.clock()).register(routes);
        new AuditRoutes(bus).register(routes);
        new HealthRoutes(bus, setup.clock()).register(routes);
        new LinkRoutes(bus).register(routes);
        new ScriptRoutes(bus).register(routes);
        new MaintenanceRoutes(bus).register(routes);
        new OperationRoutes(bus).register(routes);
        new GitRoutes(bus).register(routes);
        new TableRoutes(bus).register(routes);
        new ScheduleRoutes(bus).register(routes);
        new TerminalRoutes(bus, upgrade).register(routes);
        new NotificationRoutes(bus).register(routes);
        new SecretRoutes(bus).register(routes);
        new EventRoutes(streams, new FleetEvents(vertx, bus, setup.pace())).register(routes);
        new SystemRoutes(bus, setup.clock(), openApi(), stopping, setup.settings()).register(routes);
        new MetricsRoutes(bus, config.metrics(), setup.figures()).register(routes);
        new ExplorerRoutes(new WebFiles(vertx, ExplorerRoutes.folder())).register(routes);
        new PageRoutes(new WebFiles(vertx, setup.webFolder())).register(routes);
        return routes.endpoints();
    }

    private static Buffer openApi() {
        try (var file = ApiVerticle.class.getClassLoader().getResourceAsStream("openapi.yaml")) {
            return Buffer.buffer(Objects.requireNonNull(file, "openapi.yaml is not on the class path")
                    .readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
