package io.linkops.oidc;

import io.linkops.config.OidcConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out about the provider when somebody wants to log in there, and again after a while or a failure: LinkOps
 * starts without it. On one context only.
 */
final class Discovery {
    private static final Duration GOOD_FOR = Duration.ofHours(1);
    /** So long nobody asks again after a failure: a provider that is down is not stormed. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final OidcConfig config;
    private final ProviderDoor door;
    private final InstantSource clock;

    private @Nullable KnownProvider known;
    private @Nullable Future<KnownProvider> underway;
    private @Nullable Throwable failure;
    private Instant askAgainAt = Instant.MIN;

    Discovery(Vertx vertx, OidcConfig config, ProviderDoor door, InstantSource clock) {
        this.vertx = vertx;
        this.config = config;
        this.door = door;
        this.clock = clock;
    }

    /** What is known, without asking. */
    Optional<KnownProvider> seen() {
        return Optional.ofNullable(known);
    }

    Future<KnownProvider> provider() {
        if (clock.instant().isBefore(askAgainAt)) {
            return known != null ? Future.succeededFuture(known) : Future.failedFuture(Objects.requireNonNull(failure));
        }
        return look();
    }

    /** The provider with its keys as they are now, for a token that those known do not prove. */
    Future<KnownProvider> again() {
        return look();
    }

    /** All who ask meanwhile share one look; what was known serves on when it fails. */
    private Future<KnownProvider> look() {
        var running = underway;
        if (running != null) {
            return running;
        }
        var look = door.get(Metadata.address(issuer()), null)
                .map(document -> Metadata.of(document, issuer()))
                .compose(metadata -> door.get(metadata.jwksUri(), null)
                        .map(keys -> new KnownProvider(vertx, config, metadata, KeySet.usable(keys))))
                .onSuccess(found -> {
                    known = found;
                    askAgainAt = clock.instant().plus(GOOD_FOR);
                })
                .onFailure(cause -> {
                    failure = cause;
                    askAgainAt = clock.instant().plus(PAUSE);
                })
                .recover(cause -> known != null ? Future.succeededFuture(known) : Future.failedFuture(cause));
        underway = look;
        look.onComplete(ended -> underway = null);
        return look;
    }

    private String issuer() {
        return Objects.requireNonNull(config.issuer(), "oidc.issuer");
    }
}
