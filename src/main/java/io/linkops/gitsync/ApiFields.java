package io.linkops.gitsync;

import java.util.Map;

/** How the API calls the fields of links.yaml. */
final class ApiFields {
    private static final Map<String, String> NAMES = Map.of(
            "enrollment.clientId", "enrollment.client_id",
            "ssh.keyRef", "ssh.key_ref",
            "ssh.proxyJump", "ssh.proxy_jump",
            "ssh.hostKey", "ssh.pinned_host_key");

    private ApiFields() {}

    static String of(String field) {
        return NAMES.getOrDefault(field, field);
    }
}
