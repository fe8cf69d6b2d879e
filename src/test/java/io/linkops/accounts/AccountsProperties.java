package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts.Authenticate;
import io.linkops.accounts.Accounts.Login;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.UpdateUser;
import io.linkops.bus.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Log-ins and tokens over the real verticle, bus and SQLite file. */
class AccountsProperties {
    private static final AtomicInteger USERS = new AtomicInteger();
    private static final AtomicInteger HOURS = new AtomicInteger();

    private static AccountsWorld world;

    /** Somebody new: the running number keeps names apart between tries. */
    record Person(String username, String password, Role role) {}

    @BeforeContainer
    static void open() {
        world = new AccountsWorld();
    }

    @AfterContainer
    static void close() {
        world.close();
    }

    /**
     * P1: for any valid credentials, authenticating returns a JWT that expires exactly the configured time (24 hours by
     * default) after it was issued and validates before it expires.
     */
    @Property(tries = 100)
    @Tag("P1")
    void aTokenLastsExactlyTheConfiguredTime(
            @ForAll("people") Person person,
            @ForAll @IntRange(min = 1, max = 8760) int hours,
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long issuedMillis,
            @ForAll @IntRange(min = 0, max = 1_000_000) int share) {
        var lifetime = Duration.ofHours(hours);
        restart(lifetime, Instant.ofEpochMilli(issuedMillis));
        world.user(person.username, person.password, person.role);

        var session = world.logIn(person.username, person.password);

        assertThat(Duration.between(session.issuedAt(), session.expiresAt())).isEqualTo(lifetime);
        assertThat(session.issuedAt())
                .isEqualTo(Instant.ofEpochMilli(issuedMillis).truncatedTo(ChronoUnit.SECONDS));
        var claims = ForgedToken.payload(session.token());
        assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(lifetime.toSeconds());
        assertThat(claims.getString("sub")).isEqualTo(person.username);

        world.clock.advance(Duration.ofMillis((lifetime.toMillis() - 1000) * share / 1_000_000));
        assertThat(world.authenticate(session.token()).role()).isEqualTo(person.role);
        world.clock.set(session.expiresAt().minusSeconds(1));
        assertThat(world.authenticate(session.token()).username()).isEqualTo(person.username);
        world.clock.set(session.expiresAt());
        assertThat(world.refusedWith(new Authenticate(session.token()))).isEqualTo(ErrorCode.TOKEN_EXPIRED);
    }

    /** P2: for any invalid credentials, an attempt adds one row to auth_attempts and is answered with an error. */
    @Property(tries = 100)
    @Tag("P2")
    void everyInvalidAttemptIsRecordedAndRefused(
            @ForAll("people") Person person,
            @ForAll("wrongPasswords") String wrong,
            @ForAll("addresses") String address,
            @ForAll @IntRange(min = 0, max = 3) int kind,
            @ForAll @IntRange(min = 1, max = 12) int attempts) {
        Assume.that(!wrong.equals(person.password));
        // each at its own hour: what failed from one address in the last minutes is counted together
        restart(
                Duration.ofHours(24),
                Instant.parse("2027-01-01T10:00:00.250Z").plus(Duration.ofHours(HOURS.incrementAndGet())));
        world.user(person.username, person.password, person.role);
        var login = switch (kind) {
            case 0 -> new Login(person.username, wrong, address);
            case 1 -> new Login("nobody-" + person.username, person.password, address);
            case 2 -> new Login(person.username + '\u0000', person.password, address);
            default -> new Login(" " + person.username.toUpperCase(java.util.Locale.ROOT), person.password, address);
        };
        if (kind == 3) {
            world.ask(new UpdateUser(person.username, null, true, null));
        }

        for (int attempt = 1; attempt <= attempts; attempt++) {
            var before = world.count("auth_attempts");
            var error = world.refusedWith(login);

            var isLocked = attempt > world.security.maxFailedAttempts();
            assertThat(error).isEqualTo(isLocked ? ErrorCode.ACCOUNT_LOCKED : ErrorCode.INVALID_CREDENTIALS);
            assertThat(world.count("auth_attempts")).isEqualTo(before + 1);
            assertThat(world.count(
                            "auth_attempts WHERE username = ? AND ip = ? AND success = 0 AND attempted_at = ?",
                            UserName.meant(login.username()),
                            address,
                            world.clock.instant().toEpochMilli()))
                    .isEqualTo(attempt);
            world.clock.advance(Duration.ZERO);
        }
    }

    /** P3: any expired or malformed token (wrong signature, alg none, truncated, altered) is refused. */
    @Property(tries = 150)
    @Tag("P3")
    void noTokenButTheIssuedOneIsGood(
            @ForAll("people") Person person,
            @ForAll @IntRange(min = 0, max = 7) int attack,
            @ForAll @IntRange(min = 0, max = 9999) int place,
            @ForAll String text,
            @ForAll @LongRange(min = 0, max = 100_000_000) long seconds) {
        restart(Duration.ofHours(24), Instant.parse("2026-11-01T10:00:00.250Z"));
        world.user(person.username, person.password, person.role);
        var session = world.logIn(person.username, person.password);
        var token = session.token();
        var header = ForgedToken.header(token);
        var payload = ForgedToken.payload(token);
        var bad = switch (attack) {
            case 0 -> token.substring(0, place % token.length());
            case 1 -> altered(token, place, text);
            case 2 -> ForgedToken.of(header, payload, AccountsWorld.KEY + text + "x");
            case 3 -> ForgedToken.unsigned(header.put("alg", "none").encode(), payload.encode());
            case 4 -> ForgedToken.of(header, without(payload, place), AccountsWorld.KEY);
            case 5 -> token.substring(0, place % token.length()) + text + "." + token.substring(place % token.length());
            case 6 -> text;
            default -> token;
        };
        Assume.that(attack == 7 || !bad.equals(token));
        if (attack == 7) {
            world.clock.set(session.expiresAt().plusSeconds(seconds));
        }

        assertThat(world.refusedWith(new Authenticate(bad)))
                .isEqualTo(attack == 7 ? ErrorCode.TOKEN_EXPIRED : ErrorCode.TOKEN_INVALID);

        world.clock.set(session.issuedAt());
        assertThat(world.authenticate(token).username()).isEqualTo(person.username);
    }

    private static void restart(Duration lifetime, Instant now) {
        world.stop();
        world.jwtExpiration = lifetime;
        world.clock.set(now);
        world.start();
    }

    /** One character becomes another one of base64url, or any text. */
    private static String altered(String token, int place, String text) {
        var at = place % token.length();
        var other = text.isEmpty() || text.codePointAt(0) % 2 == 0 ? (token.charAt(at) == 'A' ? "B" : "A") : text;
        return token.substring(0, at) + other + token.substring(at + 1);
    }

    private static JsonObject without(JsonObject payload, int place) {
        var claims = java.util.List.of("sub", "jti", "ver", "iat", "exp");
        var copy = payload.copy();
        copy.remove(claims.get(place % claims.size()));
        return copy;
    }

    @Provide
    Arbitrary<Person> people() {
        var names = Arbitraries.strings()
                .withChars("abcdefghijklmnopqrstuvwxyz0123456789._-")
                .ofMaxLength(40)
                .map(rest -> "u" + USERS.incrementAndGet() + rest);
        return Combinators.combine(names, passwords(), Arbitraries.of(Role.class))
                .as(Person::new)
                .filter(person -> new PasswordPolicy(12)
                        .problem(person.username, person.password)
                        .isEmpty());
    }

    private static Arbitrary<String> passwords() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ascii().ofMinLength(12).ofMaxLength(60),
                Arbitraries.strings()
                        .withCharRange(' ', '\uD7FF')
                        .ofMinLength(12)
                        .ofMaxLength(300));
    }

    @Provide
    Arbitrary<String> wrongPasswords() {
        return Arbitraries.oneOf(
                passwords(),
                Arbitraries.strings().ofMaxLength(2000),
                Arbitraries.of("", " ", "\u0000", "\uD800", "a".repeat(1_000_000)));
    }

    @Provide
    Arbitrary<String> addresses() {
        return Arbitraries.integers().between(0, 255).map(last -> "198.51.100." + last);
    }
}
