package io.linkops.orchestrator;

import io.linkops.orchestrator.Runners.Execute;
import io.linkops.orchestrator.Runners.Script;
import io.linkops.ssh.Payload;
import io.linkops.vault.Secret;
import io.linkops.vault.SecretFileException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The variables a script is run with, and the secrets among them, which must not be in what it prints. */
final class ScriptEnvironment {
    /** Where a secret is found. Blocking. */
    @FunctionalInterface
    interface Lookup {
        Secret read(String reference) throws SecretFileException;
    }

    private final Map<String, String> variables;
    private final Collection<Secret> secrets;

    private ScriptEnvironment(Map<String, String> variables, Collection<Secret> secrets) {
        this.variables = variables;
        this.secrets = secrets;
    }

    static ScriptEnvironment of(Execute order, Script script, Lookup secretsByName) throws SecretFileException {
        var variables = new HashMap<String, String>();
        var secrets = new HashMap<String, Secret>();
        for (var entry : script.secrets().entrySet()) {
            secrets.put(entry.getKey(), secretsByName.read(entry.getValue()));
        }
        variables.putAll(variables(order, script));
        secrets.forEach((variable, secret) -> variables.put(variable, secret.reveal()));
        return new ScriptEnvironment(variables, List.copyOf(secrets.values()));
    }

    /** A script that is given no secrets, ready to travel. */
    static Payload withoutSecrets(Execute order, Script script) {
        return new ScriptEnvironment(variables(order, script), List.of()).payload(script);
    }

    private static Map<String, String> variables(Execute order, Script script) {
        var variables = new HashMap<>(script.environment());
        variables.put("LINKOPS_OPERATION", order.operationId());
        variables.put("LINKOPS_LINK", order.target().linkId());
        return variables;
    }

    Payload payload(Script script) {
        return new Payload(
                variables,
                script.options(),
                script.fileName(),
                script.arguments(),
                script.content().toArray());
    }

    /** Where the script's output goes, without its secrets. */
    MaskedOutput masked(OutputPump pump) {
        return new MaskedOutput(secrets, pump);
    }
}
