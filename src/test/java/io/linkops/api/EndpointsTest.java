package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks the registrations themselves: every endpoint × everybody × every method. */
class EndpointsTest {
    private static final List<String> EVERYBODY = List.of("nobody", "stranger", "viewer", "operator", "admin");
    private static TestApi api;
    private static final OpenApi OPEN_API = OpenApi.load();

    @BeforeAll
    static void start() {
        api = new TestApi();
        api.journal.append("operation:op-1", "operation.finished", "{}", true);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    static List<Endpoint> registered() {
        return api.verticle.endpoints(api.bus, new Authentication(api.bus));
    }

    static Stream<Endpoint> endpoints() {
        return registered().stream().filter(endpoint -> !endpoint.isPage());
    }

    @Test
    void everyOperationOfTheDescriptionIsServedAndTheOtherWayRound() {
        var served = endpoints()
                .map(endpoint -> endpoint.method() + " " + OpenApi.path(endpoint) + " " + Texts.word(endpoint.access()))
                .toList();
        assertThat(OPEN_API.operations()).containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void openIsOnlyWhatIsListedHere() {
        assertThat(registered())
                .filteredOn(endpoint -> endpoint.access() == Access.OPEN)
                .extracting(Endpoint::path)
                .containsExactlyInAnyOrder(
                        "/api/auth/login",
                        "/api/auth/methods",
                        "/api/auth/oidc/login",
                        "/api/auth/oidc/callback",
                        "/api/git/webhook",
                        "/healthz",
                        "/readyz",
                        "/api/version",
                        "/api/openapi.yaml",
                        "/api/docs",
                        "/api/docs/*",
                        "/assets/*",
                        "/*");
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void admitsExactlyTheRolesItDeclares(Endpoint endpoint) throws Exception {
        for (var somebody : EVERYBODY) {
            var answer = send(endpoint, endpoint.method().name(), somebody);
            assertThat(answer.status())
                    .as("%s %s as %s: %s", endpoint.method(), endpoint.path(), somebody, answer.text())
                    .satisfies(
                            status -> assertThat(expected(endpoint, somebody)).contains(status));
            if (answer.status() >= 400) {
                OPEN_API.requireError(answer);
            } else {
                OPEN_API.requireAnswer(endpoint, answer);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void answersHeadLikeGetWithoutTheBody(Endpoint endpoint) throws Exception {
        for (var somebody : EVERYBODY) {
            var head = send(endpoint, "HEAD", somebody);
            if (endpoint.method().name().equals("GET")) {
                assertThat(expected(endpoint, somebody)).contains(head.status());
            } else if (registered("GET", endpoint)) {
                continue;
            } else {
                assertThat(head.status()).isEqualTo(405);
            }
            assertThat(head.body().size()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void refusesEveryOtherMethodAndSaysWhichArePossible(Endpoint endpoint) throws Exception {
        for (var method : List.of("GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND")) {
            if (!registered(method, endpoint)) {
                for (var somebody : EVERYBODY) {
                    var answer = send(endpoint, method, somebody);
                    assertThat(answer.status()).isEqualTo(405);
                    assertThat(answer.header("Allow"))
                            .contains(endpoint.method().name());
                    OPEN_API.requireError(answer);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void servesTheSameUnderTheVersionedPrefix(Endpoint endpoint) throws Exception {
        if (endpoint.isApi()) {
            var target = OPEN_API.target(endpoint).replaceFirst("^/api/", "/api/v1/");
            for (var somebody : EVERYBODY) {
                var answer = api.http.send(
                        endpoint.method().name(), target, OPEN_API.exampleBody(endpoint), header(somebody));
                assertThat(expected(endpoint, somebody)).contains(answer.status());
            }
        }
    }

    @Test
    void whatIsOpenToAScopeIsServed() {
        var served = registered().stream()
                .map(endpoint -> endpoint.method() + " " + endpoint.path())
                .toList();
        assertThat(served).containsAll(ScopeRule.listed());
    }

    /** What nobody has thought about is closed to those with a scope, and so is all that is about the whole fleet. */
    @ParameterizedTest
    @MethodSource("endpoints")
    void admitsSomebodyWithAScopeToWhatIsListedAlone(Endpoint endpoint) throws Exception {
        for (var prefix : List.of("/api/", "/api/v1/")) {
            for (var method : List.of(endpoint.method().name(), "HEAD")) {
                if (method.equals("HEAD") && !endpoint.method().name().equals("GET")) {
                    continue;
                }
                for (var role : List.of("viewer", "operator", "admin")) {
                    var target = OPEN_API.target(endpoint).replaceFirst("^/api/", prefix);
                    var answer =
                            api.http.send(method, target, OPEN_API.exampleBody(endpoint), TestApi.as("scoped-" + role));
                    var isClosed = ScopeRule.of(endpoint) == ScopeRule.CLOSED;
                    var expected = isClosed ? List.of(403) : expected(endpoint, role);
                    assertThat(answer.status())
                            .as("%s %s as scoped %s: %s", method, target, role, answer.text())
                            .satisfies(status -> assertThat(expected).contains(status));
                }
            }
        }
    }

    /** The scope of these reaches nothing: what a path names is not there, and what a body names is not either. */
    @ParameterizedTest
    @MethodSource("endpoints")
    void showsNothingToSomebodyWhoseScopeReachesNothing(Endpoint endpoint) throws Exception {
        var isOfOne = switch (ScopeRule.of(endpoint)) {
            case LINK, SCRIPT, OPERATION, SCHEDULE, WINDOW -> true;
            default -> false;
        };
        if (isOfOne) {
            for (var method : List.of(endpoint.method().name(), "HEAD")) {
                if (method.equals("HEAD") && !endpoint.method().name().equals("GET")) {
                    continue;
                }
                var answer = api.http.send(
                        method, OPEN_API.target(endpoint), OPEN_API.exampleBody(endpoint), TestApi.as("lost-admin"));
                assertThat(answer.status())
                        .as("%s %s: %s", method, endpoint.path(), answer.text())
                        .isEqualTo(404);
            }
        }
    }

    private static boolean registered(String method, Endpoint endpoint) {
        return endpoints()
                .anyMatch(other -> other.method().name().equals(method) && matches(other.path(), endpoint.path()));
    }

    /** {@code /api/links/verify} is served by {@code /api/links/:id} for other methods. */
    private static boolean matches(String pattern, String path) {
        return path.matches(pattern.replaceAll(":[a-z]+", "[^/]+").replace(".", "\\."));
    }

    private static Http.Response send(Endpoint endpoint, String method, String somebody) {
        var body = method.equals(endpoint.method().name()) ? OPEN_API.exampleBody(endpoint) : null;
        return api.http.send(method, OPEN_API.target(endpoint), body, header(somebody));
    }

    private static String[] header(String somebody) {
        return somebody.equals("nobody") ? new String[0] : new String[] {TestApi.as(somebody)};
    }

    private static List<Integer> expected(Endpoint endpoint, String somebody) {
        if (endpoint.access() == Access.OPEN) {
            return List.of(endpoint.path().startsWith("/api/auth/oidc/") ? 302 : 200);
        }
        if (somebody.equals("nobody") || somebody.equals("stranger")) {
            return List.of(401);
        }
        var role = Texts.enumOf(Role.class, somebody);
        var isAdmitted = role != null && endpoint.access().admits(role);
        if (isAdmitted && endpoint.kind() == Endpoint.Kind.SOCKET) {
            return List.of(426);
        }
        return isAdmitted ? new ArrayList<>(List.of(200, 201, 202, 204)) : List.of(403);
    }
}
