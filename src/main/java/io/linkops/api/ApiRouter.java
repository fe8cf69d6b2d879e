package io.linkops.api;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Builds the one router from the endpoints: what is not an endpoint is 404 or 405, what is one checks its access. */
final class ApiRouter {
    private final Vertx vertx;
    private final Authentication authentication;
    private final AuditTrail trail;
    private final CrossOrigin crossOrigin;
    private final ErrorHandler errors;
    private final AccessLog log;
    private final HttpFigures figures;
    private final Stopping stopping;
    private final int maxBodyBytes;

    ApiRouter(
            Vertx vertx,
            Authentication authentication,
            AuditTrail trail,
            CrossOrigin crossOrigin,
            ErrorHandler errors,
            AccessLog log,
            HttpFigures figures,
            Stopping stopping,
            int maxBodyBytes) {
        this.vertx = vertx;
        this.authentication = authentication;
        this.trail = trail;
        this.crossOrigin = crossOrigin;
        this.errors = errors;
        this.log = log;
        this.figures = figures;
        this.stopping = stopping;
        this.maxBodyBytes = maxBodyBytes;
    }

    Router build(List<Endpoint> endpoints) {
        var root = Router.router(vertx);
        root.route()
                .failureHandler(this::failed)
                .handler(log)
                .handler(figures)
                .handler(crossOrigin)
                .handler(this::limitBody);
        var api = Router.router(vertx);
        mount(api, endpoints.stream().filter(Endpoint::isApi).toList(), Routes.API);
        api.route().handler(ApiRouter::notFound);
        root.route(Routes.API + "/v1/*").subRouter(api);
        root.route(Routes.API + "/*").subRouter(api);
        mount(root, endpoints.stream().filter(endpoint -> !endpoint.isApi()).toList(), "");
        root.route().handler(ApiRouter::notFound);
        return root;
    }

    private void mount(Router router, List<Endpoint> endpoints, String prefix) {
        Map<String, TreeSet<String>> methods = new LinkedHashMap<>();
        for (var endpoint : endpoints) {
            var path = endpoint.path().substring(prefix.length());
            var route = router.route(endpoint.method(), path).handler(context -> serve(context, endpoint));
            var allowed = methods.computeIfAbsent(path, any -> new TreeSet<>());
            allowed.add(endpoint.method().name());
            if (endpoint.method().equals(HttpMethod.GET)) {
                route.method(HttpMethod.HEAD);
                allowed.add(HttpMethod.HEAD.name());
            }
        }
        methods.forEach((path, allowed) ->
                router.route(path).handler(context -> methodNotAllowed(context, String.join(", ", allowed))));
    }

    private void serve(RoutingContext context, Endpoint endpoint) {
        HttpFigures.name(context, endpoint);
        var call = new Call(context, maxBodyBytes);
        authentication
                .admit(call, endpoint)
                .compose(admitted -> trail.begin(call, endpoint))
                .compose(begun -> {
                    stopping.admit(endpoint);
                    return endpoint.action().answer(call);
                })
                .recover(cause -> trail.failed(call, endpoint, cause))
                .compose(answer -> trail.succeeded(call, endpoint, answer))
                .map(answer -> {
                    answer.send(call);
                    return answer;
                })
                .onFailure(cause -> errors.answer(context.request(), cause));
    }

    /** Also where a path ends that is so wrong that no handler saw it. */
    private void failed(RoutingContext context) {
        log.watch(context);
        errors.failed(context);
    }

    private void limitBody(RoutingContext context) {
        var length = context.request().getHeader("Content-Length");
        if (length != null && (length.length() > 18 || Long.parseLong(length) > maxBodyBytes)) {
            throw BodyReader.tooLarge(maxBodyBytes);
        }
        context.next();
    }

    private static void methodNotAllowed(RoutingContext context, String allowed) {
        context.response().putHeader("Allow", allowed);
        throw new Failure(
                ErrorCode.METHOD_NOT_ALLOWED,
                context.request().method() + " is not possible here; possible: " + allowed,
                Map.of("allowed", List.of(allowed.split(", "))));
    }

    private static void notFound(RoutingContext context) {
        throw notFound(context.normalizedPath());
    }

    static Failure notFound(String path) {
        return new Failure(
                ErrorCode.NOT_FOUND,
                "There is nothing at " + Call.shortened(path) + "; GET /api/openapi.yaml lists all there is");
    }
}
