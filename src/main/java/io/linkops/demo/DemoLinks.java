package io.linkops.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The demo's links.yaml: the example's links, more of their kind up to the number asked for, and two that are not well:
 * one was reinstalled without its client id, one is switched off.
 */
final class DemoLinks {
    static final String REINSTALLED = "vm-lab-reinstalled-01";
    static final String SWITCHED_OFF = "vm-lab-off-01";

    private static final List<String> ROLES = List.of("web", "db", "cache", "queue", "build", "mail", "log", "dns");
    private static final List<String> STAGES = List.of("prod", "prod", "staging", "dev");
    private static final List<String> PROVIDERS = List.of("Debian", "Ubuntu", "Alpine", "Hetzner", "Linode");

    private final Map<String, Map<String, Object>> links = new LinkedHashMap<>();

    /** @param number links in all; the example's ten are always there */
    DemoLinks(String exampleYaml, int number) {
        Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(exampleYaml);
        map(document.get("links")).forEach((id, link) -> links.put(id, map(link)));
        var random = new Random(7);
        for (int i = links.size(); i < number - 2; i++) {
            var role = ROLES.get(i % ROLES.size());
            var id = "vm-%s-%02d".formatted(role, i / ROLES.size() + 1);
            links.put(id, vm(role, random));
        }
        if (links.size() < number) {
            links.put(REINSTALLED, vm("lab", random));
            links.put(SWITCHED_OFF, vm("lab", random));
        }
    }

    private static Map<String, Object> vm(String role, Random random) {
        var stage = role.equals("lab") ? "lab" : STAGES.get(random.nextInt(STAGES.size()));
        Map<String, Object> link = new LinkedHashMap<>();
        link.put("type", role.equals("lab") || random.nextInt(6) > 0 ? "VM" : "VPS");
        link.put("provider", PROVIDERS.get(random.nextInt(PROVIDERS.size())));
        link.put("user", random.nextInt(3) > 0 ? "root" : "ops");
        link.put("tags", new ArrayList<>(List.of(stage, "vm", role)));
        Map<String, Object> enrollment = new LinkedHashMap<>();
        enrollment.put("required", true);
        enrollment.put("clientId", "LINKOPS-" + new UUID(random.nextLong(), random.nextLong()));
        link.put("enrollment", enrollment);
        link.put("ssh", new LinkedHashMap<String, Object>());
        return link;
    }

    List<String> ids() {
        return List.copyOf(links.keySet());
    }

    String clientId(String id) {
        return String.valueOf(
                map(links.getOrDefault(id, Map.of()).get("enrollment")).get("clientId"));
    }

    /** Says where the embedded server answers for this link. */
    void locate(String id, int port, String clientIdPath, String keyRef, String fingerprint) {
        var link = links.computeIfAbsent(id, _ -> new LinkedHashMap<>());
        link.put("host", "127.0.0.1");
        link.put("port", port);
        map(link.get("enrollment")).put("path", clientIdPath);
        var ssh = map(link.get("ssh"));
        ssh.put("keyRef", keyRef);
        ssh.put("hostKey", fingerprint);
    }

    String yaml() {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return "# The demo's fleet: every link is an embedded SSH server on this machine.\n"
                + new Yaml(options).dump(Map.of("links", links));
    }

    @SuppressWarnings("unchecked") // what YAML calls a mapping is a map with texts as keys here
    private static Map<String, Object> map(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : new LinkedHashMap<>();
    }
}
