package io.linkops.orchestrator;

import io.linkops.bus.Bus;
import io.linkops.bus.Bytes;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.orchestrator.Runners.Execute;
import io.linkops.orchestrator.Runners.NeedSecret;
import io.linkops.orchestrator.Runners.SealedSecret;
import io.linkops.vault.Parcel;
import io.linkops.vault.SealException;
import io.linkops.vault.Secret;
import io.linkops.vault.SecretFileException;
import io.linkops.vault.SecretSource;
import io.vertx.core.Context;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The vault as a runner has it: asked over the bus for one execution, answered sealed for a key made for the question.
 */
final class VaultAsking implements SecretSource {
    private final Context context;
    private final Bus bus;
    private final Execute order;

    VaultAsking(Context context, Bus bus, Execute order) {
        this.context = context;
        this.bus = bus;
        this.order = order;
    }

    @Override
    public Optional<Secret> find(String name) throws SecretFileException {
        var recipient = new Parcel.Recipient();
        var need = new NeedSecret(order.operationId(), order.executionId(), name, Bytes.of(recipient.address()));
        var answer = new CompletableFuture<SealedSecret>();
        context.runOnContext(
                _ -> bus.request(need).onSuccess(answer::complete).onFailure(answer::completeExceptionally));
        try {
            var lent = answer.get();
            var parcel = new Parcel(lent.sender().toArray(), lent.box().toArray());
            return Optional.of(recipient.open(need.about(), parcel));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure failure && failure.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw new SecretFileException("The vault did not give the secret " + name + ": "
                    + (e.getCause() instanceof Failure failure ? failure.text() : "an internal error"));
        } catch (SealException e) {
            throw new SecretFileException(e.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SecretFileException("LinkOps stopped before it had the secret " + name);
        }
    }
}
