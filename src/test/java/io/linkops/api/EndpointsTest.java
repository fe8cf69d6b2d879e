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
                var answer = send(endpoint, method, "admin");
                assertThat(answer.status()).isEqualTo(405);
                assertThat(answer.header("Allow")).contains(endpoint.method().name());
                OPEN_API.requireError(answer);
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
