package io.linkops.worlds;

import io.linkops.inventory.Inventory.Durable;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.Parameter;
import io.linkops.inventory.Inventory.ParameterType;
import io.linkops.inventory.Inventory.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary inventories that are right: unique ids, jump hosts that exist and lead somewhere. */
public final class Fleets {
    private static final String ID_CHARS = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789._-";

    private Fleets() {}

    /** Ids as links.yaml allows them; few letters, so that patterns and neighbours meet. */
    public static Arbitrary<String> ids() {
        var first = Arbitraries.of('a', 'b', 'v', 'Z', '7').map(String::valueOf);
        var rest = Arbitraries.strings().withChars(ID_CHARS).ofMaxLength(6);
        return Combinators.combine(first, rest).as((a, b) -> a + b);
    }

    /** Text of any kind on one line: quotes, colons, hashes, dashes, other alphabets. */
    public static Arbitrary<String> lines(int maxLength) {
        return Arbitraries.strings()
                .withChars(" \"'#:-{}[]&*!|>%@`,?\\/=~.$()<")
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withChars("äéßЖ字한🚀".toCharArray())
                .ofMaxLength(maxLength)
                .map(Fleets::wellFormed)
                .filter(text -> !text.isBlank());
    }

    private static String wellFormed(String text) {
        return text.codePoints()
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The client id as enrollment may name it. */
    public static Arbitrary<String> clientIds() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("0123456789abcdef-").ofLength(8).map(text -> "LINKOPS-" + text),
                lines(20).map(String::strip));
    }

    private static Arbitrary<Link> link(String id) {
        var place = Combinators.combine(
                        Arbitraries.of("VPS", "Proxmox", "VM", "toaster"),
                        Arbitraries.of("hetzner", "home", "Proxmox").injectNull(0.3),
                        Arbitraries.of("10.0.0.1", "fe80::1", "a.example", "b.example"),
                        Arbitraries.integers().between(1, 65535),
                        Arbitraries.of("root", "admin", "deploy"))
                .as(Place::new);
        var tags = Arbitraries.of("web", "db", "edge", "eu", "4")
                .list()
                .uniqueElements()
                .ofMaxSize(3);
        var proof = Combinators.combine(clientIds(), Arbitraries.of("/etc/linkops/client_id", "/srv/a b/id"))
                .as(Map::entry);
        var ssh = Combinators.combine(
                        Arbitraries.of("id_ed25519", "fleet").injectNull(0.5),
                        fingerprints().injectNull(0.7))
                .as((key, pin) -> new String[] {key, pin});
        var metadata = Arbitraries.maps(ids().map(key -> "k" + key), lines(12)).ofMaxSize(2);
        return Combinators.combine(place, tags, proof, ssh, metadata)
                .as((at, tagged, proven, keys, about) -> new Link(
                        id,
                        at.type(),
                        at.provider(),
                        at.host(),
                        at.port(),
                        at.user(),
                        tagged,
                        proven.getKey(),
                        proven.getValue(),
                        keys[0],
                        null,
                        keys[1],
                        about));
    }

    private record Place(String type, String provider, String host, int port, String user) {}

    public static Arbitrary<String> fingerprints() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withCharRange('0', '9')
                .withChars("+/")
                .ofLength(43)
                .map(text -> "SHA256:" + text);
    }

    /** Links with unique ids; some go through an earlier one, never deeper than eight. */
    public static Arbitrary<List<Link>> links(int maxSize) {
        return ids().set().ofMaxSize(maxSize).flatMap(set -> {
            var ids = List.copyOf(set);
            var links =
                    Combinators.combine(ids.stream().map(Fleets::link).toList()).as(list -> list);
            var jumps = Arbitraries.integers().between(-30, 30).list().ofSize(ids.size());
            return Combinators.combine(links, jumps).as(Fleets::withJumps);
        });
    }

    private static List<Link> withJumps(List<Link> links, List<Integer> jumps) {
        var depths = new HashMap<Integer, Integer>();
        var result = new ArrayList<Link>();
        for (int i = 0; i < links.size(); i++) {
            var via = jumps.get(i);
            var depth = via < 0 || via >= i ? 0 : depths.get(via) + 1;
            var isVia = depth > 0 && depth <= 8;
            depths.put(i, isVia ? depth : 0);
            result.add(isVia ? through(links.get(i), links.get(via).id()) : links.get(i));
        }
        return result;
    }

    /** The same link behind a jump host. */
    public static Link through(Link link, String jump) {
        return new Link(
                link.id(),
                link.type(),
                link.provider(),
                link.host(),
                link.port(),
                link.user(),
                link.tags(),
                link.clientId(),
                link.clientIdPath(),
                link.keyRef(),
                jump,
                link.hostKey(),
                link.metadata());
    }

    private static Arbitrary<Script> script(String id) {
        return Combinators.combine(
                        lines(20),
                        lines(40),
                        Arbitraries.integers().between(1, 604800).injectNull(0.5),
                        Arbitraries.of("--dry-run", "--ban-time=3600", "--to=REQUIRED", "-v")
                                .set()
                                .ofMaxSize(3),
                        Arbitraries.of("net", "4", "a b").set().ofMaxSize(2),
                        Arbitraries.integers().between(1, 9000).injectNull(0.5),
                        Arbitraries.of(Durable.class),
                        parameters())
                .as((name, description, timeout, flags, tags, estimate, durable, parameters) -> new Script(
                        id,
                        name,
                        description,
                        "scripts/" + id + ".sh",
                        timeout == null ? null : Duration.ofSeconds(timeout),
                        List.copyOf(flags),
                        List.copyOf(tags),
                        estimate == null ? null : Duration.ofSeconds(estimate),
                        durable,
                        parameters,
                        parameters.isEmpty() ? List.of() : List.of("sudo", "docker")));
    }

    private static Arbitrary<List<Parameter>> parameters() {
        return Arbitraries.of(
                        parameter("on", ParameterType.BOOL, "--on", null, null, null, List.of(), null, "true", false),
                        parameter("port", ParameterType.INT, "--port", null, 1L, 65535L, List.of(), null, "80", false),
                        parameter("level", ParameterType.INT, null, "LEVEL", -5L, null, List.of(), null, null, true),
                        parameter(
                                "mode",
                                ParameterType.ENUM,
                                "--the-mode",
                                null,
                                null,
                                null,
                                List.of("a b", "c"),
                                null,
                                "c",
                                false),
                        parameter(
                                "who",
                                ParameterType.TEXT,
                                null,
                                "WHO",
                                null,
                                null,
                                List.of(),
                                "[a-z]{1,8}",
                                "ann",
                                false),
                        parameter(
                                "token", ParameterType.SECRET, null, "TOKEN", null, null, List.of(), null, null, true))
                .set()
                .ofMaxSize(4)
                .map(List::copyOf);
    }

    private static Parameter parameter(
            String name,
            ParameterType type,
            String flag,
            String variable,
            Long min,
            Long max,
            List<String> values,
            String pattern,
            String byDefault,
            boolean isRequired) {
        return new Parameter(
                name, type, "About " + name, flag, variable, min, max, values, pattern, 4096, byDefault, isRequired);
    }

    /** Scripts with unique ids, each at {@code scripts/ID.sh}. */
    public static Arbitrary<List<Script>> scripts(int maxSize) {
        return ids().set()
                .ofMaxSize(maxSize)
                .flatMap(ids -> Combinators.combine(
                                ids.stream().map(Fleets::script).toList())
                        .as(list -> list));
    }

    /** What a look may have shown, at any second of a day. */
    public static Arbitrary<Enrollment> enrollments() {
        var times = Arbitraries.integers()
                .between(1, 86_400)
                .map(s -> Instant.parse("2026-01-01T00:00:00Z").plusSeconds(s));
        var reasons = Arbitraries.of(
                "client_id_missing", "client_id_mismatch", "unreachable", "host_key_changed", "login_refused");
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(2, Arbitraries.just(Enrollment.UNVERIFIED)),
                net.jqwik.api.Tuple.of(
                        3, times.map(at -> new Enrollment(EnrollmentStatus.ENROLLED, true, true, null, null, at))),
                net.jqwik.api.Tuple.of(
                        3,
                        Combinators.combine(reasons, times)
                                .as((reason, at) -> new Enrollment(
                                        EnrollmentStatus.REFUSED, false, false, reason, "because " + reason, at))));
    }

    /** What the repository holds of such an inventory: links.yaml, scripts.yaml, and each script. */
    public static Map<String, String> files(List<Link> links, List<Script> scripts, boolean isKeyed) {
        var files = new LinkedHashMap<String, String>();
        files.put("links.yaml", InventoryYaml.links(links, isKeyed));
        files.put("scripts.yaml", InventoryYaml.scripts(scripts, isKeyed));
        scripts.forEach(script -> files.put(script.path(), "#!/usr/bin/env bash\necho " + script.id() + "\n"));
        return files;
    }
}
