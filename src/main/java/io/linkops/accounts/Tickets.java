package io.linkops.accounts;

import io.linkops.accounts.Accounts.Principal;
import io.linkops.accounts.Accounts.Ticket;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tickets that were issued and not used yet. In memory: after a restart a browser asks for another. */
final class Tickets {
    static final Duration LIFETIME = Duration.ofSeconds(30);
    static final int MAX_PER_USER = 200;
    static final int MAX_IN_ALL = 20_000;
    static final int LONGEST_RESOURCE = 1024;

    /**
     * Whom a ticket stands for.
     *
     * @param generation the account's when the ticket was issued
     */
    record Holder(Principal principal, long generation) {}

    private record Issued(Holder holder, String resource, Instant expiresAt) {}

    /** Oldest first. */
    private final LinkedHashMap<String, Issued> issued = new LinkedHashMap<>();

    private final InstantSource clock;
    private final Randomness randomness;

    Tickets(InstantSource clock, Randomness randomness) {
        this.clock = clock;
        this.randomness = randomness;
    }

    Ticket issue(Holder holder, String resource) {
        var now = clock.instant();
        forgetOld(now);
        refuseTooMany(holder.principal.username());
        var ticket = new Ticket(randomness.token(), now.plus(LIFETIME));
        issued.put(ticket.ticket(), new Issued(holder, resource, ticket.expiresAt()));
        return ticket;
    }

    /** Whoever it was issued to. A ticket shown for the wrong resource is used up as well. */
    Holder redeem(String ticket, String resource) {
        var found = issued.remove(ticket);
        if (found == null
                || !found.resource.equals(resource)
                || !clock.instant().isBefore(found.expiresAt)) {
            throw invalid();
        }
        return found.holder;
    }

    static void check(String resource) {
        new Fields()
                .require(
                        "resource",
                        !resource.isEmpty() && resource.length() <= LONGEST_RESOURCE,
                        "must have 1 to " + LONGEST_RESOURCE + " characters")
                .check();
    }

    static Failure invalid() {
        return new Failure(
                ErrorCode.TOKEN_INVALID, "The ticket is unknown, used, too old or for something else; ask for another");
    }

    private void forgetOld(Instant now) {
        var oldest = issued.values().iterator();
        while (oldest.hasNext() && !now.isBefore(oldest.next().expiresAt)) {
            oldest.remove();
        }
    }

    private void refuseTooMany(String username) {
        var own = issued.values().stream()
                .filter(other -> other.holder.principal.username().equals(username))
                .count();
        if (own >= MAX_PER_USER || issued.size() >= MAX_IN_ALL) {
            throw new Failure(
                    ErrorCode.RATE_LIMITED,
                    "Too many unused tickets; use them, or try again in " + LIFETIME.toSeconds() + " seconds",
                    Map.of("retry_after_seconds", LIFETIME.toSeconds()));
        }
    }
}
