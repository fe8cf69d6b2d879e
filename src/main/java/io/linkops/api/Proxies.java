package io.linkops.api;

import io.linkops.config.IpNetwork;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom to believe about where a request comes from. Everybody can send forwarded-for headers, so at the front door they
 * are taken off whatever does not come from a configured proxy; of those that remain, the rightmost address that is no
 * proxy is the client's: what stands left of it, the client may have written itself.
 */
final class Proxies {
    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final int MOST_HOPS = 20;

    private final List<IpNetwork> trusted;

    /** @param trusted networks, valid ones */
    Proxies(List<String> trusted) {
        this.trusted = trusted.stream().map(IpNetwork::of).toList();
    }

    /** Leaves only what may be believed: the client's address alone, and whether it spoke TLS. */
    void settle(HttpServerRequest request) {
        var headers = request.headers();
        var nearest = request.remoteAddress().hostAddress();
        if (!isTrusted(nearest)) {
            headers.remove(FOR).remove(PROTO);
            return;
        }
        var chain = String.join(",", headers.getAll(FOR));
        headers.set(FOR, client(chain, nearest));
        var protos = headers.getAll(PROTO);
        if (protos.size() > 1) {
            headers.set(PROTO, protos.getLast());
        }
    }

    /** Where a settled request comes from. */
    static String address(HttpServerRequest request) {
        @Nullable String settled = request.getHeader(FOR);
        return settled == null ? request.remoteAddress().hostAddress() : settled;
    }

    private String client(String chain, String nearest) {
        var hops = chain.split(",", -1);
        var client = nearest;
        for (int i = hops.length - 1; i >= Math.max(0, hops.length - MOST_HOPS); i--) {
            var hop = withoutPort(hops[i].strip());
            if (!IpNetwork.isAddress(hop)) {
                return client;
            }
            client = hop;
            if (!isTrusted(hop)) {
                return client;
            }
        }
        return client;
    }

    /** Some proxies write {@code 192.0.2.1:4711} and {@code [2001:db8::1]:4711}. */
    private static String withoutPort(String hop) {
        return hop.matches("[0-9.]+:[0-9]{1,5}")
                ? hop.substring(0, hop.indexOf(':'))
                : hop.matches("\\[[0-9a-fA-F:.]+](:[0-9]{1,5})?") ? hop.substring(1, hop.indexOf(']')) : hop;
    }

    private boolean isTrusted(String address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }
}
