package io.linkops.api;

import static io.linkops.api.Access.ADMIN;

import io.linkops.bus.Bus;
import io.linkops.bus.Bytes;
import io.linkops.secrets.Secrets;
import io.linkops.vault.Parcel;
import io.linkops.vault.Secret;
import io.vertx.core.Future;

/** The vault: names, and who put them there when. A value goes in and never comes out; it crosses the bus sealed. */
final class SecretRoutes {
    private static final String SECRETS = "/api/secrets";
    private static final int LONGEST_VALUE = 16 * 1024;

    private final Bus bus;

    SecretRoutes(Bus bus) {
        this.bus = bus;
    }

    void register(Routes routes) {
        routes.get(SECRETS, ADMIN, this::list)
                .post(SECRETS + "/rotate", ADMIN, this::rotate)
                .put(SECRETS + "/:name", ADMIN, this::put)
                .delete(SECRETS + "/:name", ADMIN, this::delete);
    }

    private Future<Answer> list(Call call) {
        call.query(query -> true);
        return bus.request(new Secrets.FindSecrets()).map(all -> Answer.ok(SecretJson.of(all)));
    }

    private Future<Answer> put(Call call) {
        var name = call.part("name");
        return call.body(json -> new Secret(json.text("value", LONGEST_VALUE)))
                .compose(value -> bus.request(new Secrets.FindAddress())
                        .compose(address -> bus.request(new Secrets.PutSecret(
                                name,
                                sealed(Parcel.seal(address.key().toArray(), name, value)),
                                call.principal().username()))))
                .map(known -> Answer.ok(SecretJson.of(known)));
    }

    private static Secrets.Sealed sealed(Parcel parcel) {
        return new Secrets.Sealed(Bytes.of(parcel.sender()), Bytes.of(parcel.box()));
    }

    private Future<Answer> delete(Call call) {
        return call.noBody()
                .compose(_ -> bus.request(new Secrets.DeleteSecret(
                        call.part("name"), call.principal().username())))
                .map(_ -> Answer.noContent());
    }

    private Future<Answer> rotate(Call call) {
        return call.noBody()
                .compose(_ ->
                        bus.request(new Secrets.RotateMaster(call.principal().username())))
                .map(rotated -> Answer.ok(SecretJson.of(rotated)));
    }
}
