package io.linkops.api;

import io.linkops.audit.Audit;
import io.linkops.audit.Audit.Auth;
import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Note;
import io.linkops.audit.Audit.Who;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what comes through the API. An admin's change is on record before it is made, and what a sensitive read found
 * is sent when it is on record: where the audit cannot be written, both are refused. Other changes are recorded once
 * they are made, before they are answered; where that fails they are answered all the same, and recorded later
 * (decision 18).
 */
final class AuditTrail {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

    private static final String LOG_IN = "auth.login";

    /** What can be a user's name; anything else that is typed there may be a password in the wrong field. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Bus bus;
    private final Map<Endpoint, AuditName> names;

    AuditTrail(Bus bus, List<Endpoint> endpoints) {
        this.bus = bus;
        this.names = AuditName.of(endpoints);
    }

    /** Before the endpoint does anything. */
    Future<Void> begin(Call call, Endpoint endpoint) {
        var name = names.get(endpoint);
        if (name == null || name.isRead() || endpoint.access() != Access.ADMIN) {
            return Future.succeededFuture();
        }
        return bus.request(new Note(entry(call, name, null, Audit.BEGUN), false))
                .mapEmpty();
    }

    /** After it did what it does, and before anybody hears of it. */
    Future<Answer> succeeded(Call call, Endpoint endpoint, Answer answer) {
        var name = names.get(endpoint);
        if (name == null) {
            return Future.succeededFuture(answer);
        }
        var note = bus.request(new Note(entry(call, name, answer.location(), Audit.SUCCESS), !name.isRead()));
        return name.isRead() ? note.map(answer) : note.map(answer).otherwise(answer);
    }

    /** @return fails with the cause */
    <T> Future<T> failed(Call call, Endpoint endpoint, Throwable cause) {
        var code = cause instanceof Failure failure ? failure.code() : ErrorCode.INTERNAL;
        var name = names.get(endpoint);
        if (name == null && (code != ErrorCode.FORBIDDEN || !endpoint.isApi())) {
            return Future.failedFuture(cause);
        }
        var named = name == null ? new AuditName("refused", endpoint.path(), List.of(), true) : name;
        return bus.request(new Note(entry(call, named, null, code.name()), true))
                .onFailure(late -> LOG.debug("A failed request is recorded later", late))
                .transform(_ -> Future.failedFuture(cause));
    }

    private static Entry entry(Call call, AuditName name, @Nullable String location, String result) {
        var details = new HashMap<>(AuditDetails.of(call.seenBody()));
        if (name.action().equals(LOG_IN)) {
            details.computeIfPresent(
                    "username", (_, typed) -> NAME.matcher(typed).matches() ? typed : "?");
        }
        var id = name.parts().stream().map(call::rawPart).collect(Collectors.joining("/"));
        var made = location == null ? "" : last(location);
        if (!made.isEmpty() && !id.isEmpty() && !made.equals(id)) {
            details.put("made", made);
        }
        return new Entry(
                who(call, name, details),
                name.action(),
                name.kind(),
                id.isEmpty() ? made : id,
                details,
                result,
                FrontDoor.requestId(call.request()));
    }

    private static Who who(Call call, AuditName name, Map<String, String> details) {
        var address = Objects.requireNonNullElse(Proxies.address(call.request()), "");
        var principal = call.principalOrNull();
        if (principal == null) {
            boolean isLogIn = name.action().equals(LOG_IN);
            var typed = isLogIn ? details.getOrDefault("username", "") : "";
            return new Who(typed, "", isLogIn ? Auth.PASSWORD : Auth.NONE, address);
        }
        var auth = principal.isApiToken() ? Auth.API_TOKEN : call.isByTicket() ? Auth.TICKET : Auth.SESSION;
        return new Who(principal.username(), principal.tokenId(), auth, address);
    }

    private static String last(String location) {
        return URLDecoder.decode(location.substring(location.lastIndexOf('/') + 1), StandardCharsets.UTF_8);
    }
}
