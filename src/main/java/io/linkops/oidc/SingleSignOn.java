package io.linkops.oidc;

import io.linkops.accounts.Accounts.Session;
import io.linkops.bus.Contract;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked about logging in at an OpenID provider. Where one is refused, the failure's {@code details.reason}
 * is the word of a {@link Problem}, or one of {@code Accounts.LogInByProvider}.
 */
@Contract
public interface SingleSignOn {

    /** Why somebody did not get in, for whoever explains it to him. */
    enum Problem {
        /** The provider cannot be reached, or answers nonsense. */
        UNREACHABLE,
        /** The log-in was not begun in this browser, took too long, or was ended before. */
        STALE,
        /** The person or the provider said no. */
        REFUSED,
        /** What the provider said of the person could not be proven. */
        UNTRUSTED,
        /** Too many log-ins at once. */
        BUSY;

        /** As details and addresses carry it. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Asks which provider there is; never waits for it. */
    record FindProvider() implements Request<Provider> {}

    /**
     * The provider as the log-in page shows it.
     *
     * @param name null when none is configured
     * @param logoutUrl where the session at the provider ends; null when it is not known (yet), or the provider has no
     *     such place
     */
    record Provider(@Nullable String name, @Nullable String logoutUrl) implements Reply {}

    /**
     * Begins a log-in. NOT_FOUND when no provider is configured.
     *
     * @param returnTo path inside LinkOps to go to afterwards; what is no such path counts as the first page
     */
    record Begin(@Nullable String returnTo) implements Request<Beginning> {}

    /**
     * Where to send the browser.
     *
     * @param ticket what the browser must show again at the end; nobody else may see it
     */
    record Beginning(String url, String ticket, Duration lifetime) implements Reply {
        @Override
        public String toString() {
            return "Beginning[***, " + lifetime + "]";
        }
    }

    /** Ends a log-in with what the provider sent the browser back with. */
    record Complete(String ticket, Callback callback, String remoteAddress) implements Request<Entrance> {
        @Override
        public String toString() {
            return "Complete[***, " + remoteAddress + "]";
        }
    }

    /** The parameters of the way back; foreign text. */
    record Callback(
            @Nullable String state,
            @Nullable String code,
            @Nullable String error,
            @Nullable String issuer) {
        @Override
        public String toString() {
            return "Callback[***]";
        }
    }

    /** @param returnTo a path inside LinkOps */
    record Entrance(Session session, String returnTo) implements Reply {}
}
