package io.linkops.secrets;

import io.linkops.bus.Bus;
import io.linkops.bus.Bytes;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.secrets.Secrets.Address;
import io.linkops.secrets.Secrets.DeleteSecret;
import io.linkops.secrets.Secrets.FindAddress;
import io.linkops.secrets.Secrets.FindSecrets;
import io.linkops.secrets.Secrets.Known;
import io.linkops.secrets.Secrets.LendSecret;
import io.linkops.secrets.Secrets.PutSecret;
import io.linkops.secrets.Secrets.RotateMaster;
import io.linkops.store.Database;
import io.linkops.vault.Parcel;
import io.linkops.vault.SealException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;

/** Answers for the vault. What comes to it and what goes from it is sealed for its reader. */
public final class SecretsVerticle extends VerticleBase {
    private final SecretBook book;
    private final Parcel.Recipient recipient = new Parcel.Recipient();

    public SecretsVerticle(Database database, DataKeys keys, InstantSource clock) {
        this.book = new SecretBook(database, keys, clock);
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        bus.answer(FindSecrets.class, _ -> book.list());
        bus.answer(FindAddress.class, _ -> Future.succeededFuture(new Address(Bytes.of(recipient.address()))));
        bus.answer(PutSecret.class, this::put);
        bus.answer(DeleteSecret.class, delete -> book.delete(delete.name(), delete.by()));
        bus.answer(LendSecret.class, lend -> book.lend(lend.name(), lend.reader(), lend.about()));
        bus.answer(RotateMaster.class, rotate -> book.rotate(rotate.by()));
        return Future.succeededFuture();
    }

    private Future<Known> put(PutSecret put) {
        try {
            var parcel =
                    new Parcel(put.value().sender().toArray(), put.value().box().toArray());
            return book.put(put.name(), recipient.open(put.name(), parcel), put.by());
        } catch (SealException e) {
            return Future.failedFuture(new Failure(ErrorCode.UNAVAILABLE, e.text()));
        }
    }
}
