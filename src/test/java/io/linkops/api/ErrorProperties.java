package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** P36: For any failed API request the response has error with code, message, details, timestamp and request_id. */
class ErrorProperties {
    private static final OpenApi OPEN_API = OpenApi.load();
    private static TestApi api;

    /** A request as it goes over the wire. */
    record Wild(String method, String target, List<String> headers, String body) {
        byte[] bytes() {
            var head = method + " " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\nConnection: close\r\n"
                    + String.join(
                            "", headers.stream().map(header -> header + "\r\n").toList()) + "\r\n";
            return (head + body).getBytes(StandardCharsets.UTF_8);
        }
    }

    @BeforeContainer
    static void start() {
        api = new TestApi();
    }

    @AfterContainer
    static void stop() {
        api.close();
    }

    /** P36, whatever is asked. */
    @Property(tries = 400)
    @Tag("P36")
    void everyFailedRequestHasTheErrorShape(@ForAll("wildRequests") Wild request) {
        var answer = api.http.exchange(request.bytes(), request.method().equals("HEAD"));
        assertThat(answer.header("X-Request-Id")).isNotBlank();
        assertThat(answer.header("Content-Security-Policy")).isNotBlank();
        if (answer.status() >= 400 && !request.method().equals("HEAD")) {
            OPEN_API.requireError(answer);
            assertThat(answer.errorCode()).isNotEqualTo("INTERNAL");
        }
    }

    /** P36, where the path has parameters too: the router reads the query there before anybody else does. */
    @Example
    @Tag("P36")
    void aBrokenQueryHasTheErrorShape() {
        for (var target : List.of("/api/links/vm-1?a=%", "/api/links/vm-1/none?%", "/?%4", "/api/links?sort=%zz")) {
            var answer = api.http.exchange(new Wild("GET", target, List.of(), "").bytes(), false);
            assertThat(answer.status()).as(target).isEqualTo(400);
            OPEN_API.requireError(answer);
        }
    }

    /** P36, whatever fails behind the API. */
    @Property(tries = 200)
    @Tag("P36")
    void everyFailureOfARoomHasTheErrorShape(
            @ForAll ErrorCode code, @ForAll String message, @ForAll("details") Map<String, Object> details) {
        api.rooms.fail(Inventory.FindLinks.class, new Failure(code, message, details));
        var answer = api.http.get("/api/links", TestApi.as("viewer"));
        OPEN_API.requireError(answer);
        assertThat(answer.status()).isEqualTo(code.httpStatus());
        assertThat(answer.errorCode()).isEqualTo(code.name());
        var error = answer.json().getJsonObject("error");
        assertThat(error.getString("message")).isEqualTo(sendable(message));
        assertThat(error.getJsonObject("details").getMap().keySet()).isEqualTo(details.keySet());
    }

    /** P36, whatever bytes come. */
    @Property(tries = 200)
    @Tag("P36")
    void everyBrokenRequestHasTheErrorShape(
            @ForAll @Size(min = 1, max = 200) List<@ByteRange(min = Byte.MIN_VALUE) Byte> noise) {
        var bytes = new byte[noise.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = noise.get(i);
        }
        var request = Http.concat(bytes, "\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        var answer = api.http.exchange(Http.concat("\0".getBytes(StandardCharsets.UTF_8), request), false);
        assertThat(answer.status()).isGreaterThanOrEqualTo(400);
        OPEN_API.requireError(answer);
    }

    /** UTF-8 has no halves of characters. */
    private static String sendable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<Map<String, Object>> details() {
        Arbitrary<Object> values = Arbitraries.of(1, "text", true, 2.5, List.of("a", "b"), Map.of("in", "side"));
        return Arbitraries.maps(Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(10), values)
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<Wild> wildRequests() {
        var methods = Arbitraries.of("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "BREW");
        var pieces = Arbitraries.of(
                "api",
                "v1",
                "links",
                "operations",
                "run",
                "users",
                "auth",
                "login",
                "ticket",
                "tokens",
                "git",
                "sync",
                "scripts",
                "vm-1",
                "stop",
                "..",
                ".",
                "",
                "%2e%2e",
                "%2f",
                "%00",
                "%zz",
                "%",
                ";",
                "a;b=c",
                "%C3%28",
                "+",
                "host-key",
                "verify",
                "executions",
                "output",
                "assets",
                "~",
                "'",
                "@",
                "*",
                "(",
                "|",
                "^",
                "\\");
        var words =
                Arbitraries.strings().withCharRange('!', '~').ofMaxLength(12).map(text -> text.replace("#", ""));
        var paths = Arbitraries.oneOf(pieces, pieces, words).list().ofMaxSize(6).map(parts -> String.join("/", parts));
        var queries = Arbitraries.oneOf(
                Arbitraries.just(""),
                words.map(word -> "?" + word),
                Arbitraries.of("?limit=0", "?a=%", "?sort=x&sort=y"));
        var targets = Combinators.combine(Arbitraries.of("/", "/api/", "/api/v1/", "//"), paths, queries)
                .as((start, path, query) -> start + path + query);
        var headers = Arbitraries.of(
                        "Authorization: Bearer admin",
                        "Authorization: Bearer viewer",
                        "Authorization: Basic eDp5",
                        "Authorization: Bearer",
                        "Authorization: Bearer admin",
                        "Content-Type: application/json",
                        "Content-Type: text/plain",
                        "Content-Type: ;;;",
                        "Cookie: linkops=admin",
                        "Cookie: =;=;",
                        "X-LinkOps: 1",
                        "Origin: null",
                        "Origin: https://evil.example",
                        "Accept: text/html",
                        "Accept-Encoding: gzip;q=x",
                        "Last-Event-ID: x",
                        "Expect: 100-continue",
                        "Range: bytes=9-1",
                        "X-Forwarded-Proto: https",
                        "If-None-Match: *")
                .list()
                .uniqueElements()
                .ofMaxSize(5);
        var bodies = Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.strings().ofMaxLength(40),
                Arbitraries.of(
                        "{",
                        "{}",
                        "[]",
                        "null",
                        "\"x\"",
                        "{\"a\":1}",
                        "{\"a\":1,\"a\":2}",
                        "{\"username\":1}",
                        "{} {}",
                        "{\"scripts\":[],\"targets\":[\"x\"]}",
                        "{\"targets\":\"all\",\"scripts\":[[]]}",
                        "1e999999999",
                        "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
                        "{\"name\":\"\\ud800\",\"role\":\"admin\"}"));
        return Combinators.combine(methods, targets, headers, bodies).as(Wild::new);
    }
}
