package io.linkops.accounts;

import io.linkops.accounts.Accounts.Done;
import io.linkops.accounts.Accounts.IssueTicket;
import io.linkops.accounts.Accounts.Principal;
import io.linkops.accounts.Accounts.RedeemTicket;
import io.linkops.accounts.Accounts.Ticket;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Whose word is good: bearer tokens, tickets, log-out. Asks the store each time, so a change counts at once. */
final class Sessions {
    private final SessionTokens jwts;
    private final MachineTokens apiTokens;
    private final AccountStore accounts;
    private final Tickets tickets;
    private final InstantSource clock;

    Sessions(SessionTokens jwts, MachineTokens apiTokens, AccountStore accounts, Tickets tickets, InstantSource clock) {
        this.jwts = jwts;
        this.apiTokens = apiTokens;
        this.accounts = accounts;
        this.tickets = tickets;
        this.clock = clock;
    }

    Future<Principal> authenticate(String token) {
        return token.startsWith(MachineTokens.PREFIX)
                ? apiTokens.authenticate(token)
                : jwts.read(token).compose(this::standing);
    }

    Future<Done> logOut(Principal principal) {
        var end = principal.expiresAt();
        if (principal.isApiToken() || end == null) {
            return Future.failedFuture(
                    new Failure(ErrorCode.CONFLICT, "An API token is not logged in; revoke it by deleting it"));
        }
        return accounts.write(AccountStore.revoke(principal.tokenId(), end)).map(written -> new Done());
    }

    /** A token of its own may now do less than its owner's role and scope said when it was let in: that ends it too. */
    Future<Principal> recheck(Principal principal) {
        return holder(principal).map(now -> {
            if (!now.principal().equals(principal)) {
                throw SessionTokens.invalid();
            }
            return now.principal();
        });
    }

    Future<Ticket> issue(IssueTicket request) {
        Tickets.check(request.resource());
        return holder(request.principal()).map(holder -> tickets.issue(holder, request.resource()));
    }

    /** The token behind the ticket must still be good. */
    Future<Principal> redeem(RedeemTicket request) {
        var holder = tickets.redeem(request.ticket(), request.resource());
        return holder(holder.principal())
                .map(now -> {
                    if (now.generation() != holder.generation()) {
                        throw Tickets.invalid();
                    }
                    return now.principal();
                })
                .recover(cause -> Future.failedFuture(isRefusal(cause) ? Tickets.invalid() : cause));
    }

    private Future<Tickets.Holder> holder(Principal principal) {
        if (principal.isApiToken()) {
            return apiTokens.standing(principal.tokenId()).map(now -> new Tickets.Holder(now, 0));
        }
        var end = principal.expiresAt();
        if (end == null || !clock.instant().isBefore(end)) {
            return Future.failedFuture(SessionTokens.expired());
        }
        return enabled(principal.username(), principal.tokenId())
                .map(account -> new Tickets.Holder(principal(account, principal.tokenId(), end), account.generation()));
    }

    private Future<Principal> standing(SessionTokens.Claims claims) {
        return enabled(claims.username(), claims.jti()).map(account -> {
            if (account.generation() != claims.generation()) {
                throw SessionTokens.invalid();
            }
            return principal(account, claims.jti(), claims.expiresAt());
        });
    }

    private Future<Account> enabled(String username, String jti) {
        return accounts.findUnlessRevoked(username, jti)
                .map(found -> found.filter(account -> !account.isDisabled()).orElseThrow(SessionTokens::invalid));
    }

    private static Principal principal(Account account, String jti, Instant end) {
        return new Principal(
                account.username(),
                account.role(),
                jti,
                false,
                end,
                account.scope().isAll() ? List.of() : List.of(account.scope()),
                account.generation());
    }

    private static boolean isRefusal(Throwable cause) {
        return cause instanceof Failure failure
                && (failure.code() == ErrorCode.TOKEN_INVALID || failure.code() == ErrorCode.TOKEN_EXPIRED);
    }
}
