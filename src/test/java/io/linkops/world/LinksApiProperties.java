package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** P7 to P10: links over HTTP, whatever Git describes and whatever was seen of them, held against a plain model. */
class LinksApiProperties {
    private static final List<String> IDS =
            List.of("a", "A", "b-1", "b-2", "b-10", "c_1", "db.eu", "Z9", "web-1", "web-2", "vm-1", "vm-2", "x", "y");
    private static World world;
    private static LinkOpsHere linkops;

    /** What must be known of each link, by id. */
    private static final Map<String, Seen> MODEL = new TreeMap<>();

    /** @param lastSeen when it last answered, which outlives a new description */
    record Seen(Link link, boolean isRetired, Enrollment enrollment, String offered, Instant lastSeen, Long latency) {
        String status() {
            if (enrollment.verifiedAt() == null) {
                return "unknown";
            }
            return isOnline(enrollment) ? "online" : "offline";
        }

        Seen retired() {
            return new Seen(link, true, enrollment, offered, lastSeen, latency);
        }

        JsonObject json() {
            return new JsonObject()
                    .put("id", link.id())
                    .put("type", link.type())
                    .put("provider", link.provider())
                    .put("host", link.host())
                    .put("port", link.port())
                    .put("user", link.user())
                    .put("tags", new JsonArray(link.tags()))
                    .put("metadata", new JsonObject(new HashMap<>(link.metadata())))
                    .put("retired", isRetired)
                    .put(
                            "enrollment",
                            new JsonObject()
                                    .put("status", enrollment.status().name().toLowerCase(Locale.ROOT))
                                    .put("client_id", link.clientId())
                                    .put("path", link.clientIdPath())
                                    .put("client_id_found", enrollment.clientIdFound())
                                    .put("client_id_matches", enrollment.clientIdMatches())
                                    .put("reason", enrollment.reason())
                                    .put("error", enrollment.error())
                                    .put("verified_at", Objects.toString(enrollment.verifiedAt(), null)))
                    .put(
                            "ssh",
                            new JsonObject()
                                    .put("key_ref", link.keyRef())
                                    .put("proxy_jump", link.proxyJump())
                                    .put("pinned_host_key", link.hostKey()))
                    .put(
                            "host_key",
                            new JsonObject()
                                    .put(
                                            "trusted",
                                            link.hostKey() == null
                                                    ? new JsonArray()
                                                    : new JsonArray().add(link.hostKey()))
                                    .put("offered", offered))
                    .put(
                            "health",
                            new JsonObject()
                                    .put("status", status())
                                    .put("latency_ms", latency)
                                    .put("latency", null)
                                    .put("last_seen", Objects.toString(lastSeen, null))
                                    .put("since", null)
                                    .put("checked_at", null)
                                    .put("stage", null)
                                    .put("hop", null)
                                    .put("reason", null)
                                    .put("error", null)
                                    .put("maintenance", false));
        }
    }

    /** What a look at a link came to. */
    record Look(int link, boolean isEnrolled, String reason, Long latency) {}

    /** @param byGit whether it comes by a commit and a sync, or straight by the bus */
    record Inventories(List<Link> links, List<Look> looks, boolean byGit) {}

    /** A question; null for what is not asked. */
    record Query(
            String type,
            String status,
            String enrollment,
            String tag,
            String q,
            String sort,
            String dir,
            boolean retired) {
        String path() {
            var words = new ArrayList<String>();
            add(words, "type", type);
            add(words, "status", status);
            add(words, "enrollment", enrollment);
            add(words, "tag", tag);
            add(words, "q", q);
            add(words, "sort", sort);
            add(words, "dir", dir);
            add(words, "retired", retired ? "true" : null);
            return "/api/links?" + String.join("&", words);
        }

        private static void add(List<String> words, String name, String value) {
            if (value != null) {
                words.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }

        boolean isMet(Seen seen) {
            var link = seen.link();
            return (retired || !seen.isRetired())
                    && (type == null || type.equals(link.type()))
                    && (status == null || status.equals(seen.status()))
                    && (enrollment == null
                            || enrollment.equalsIgnoreCase(
                                    seen.enrollment().status().name()))
                    && (tag == null || link.tags().contains(tag))
                    && (q == null || text(link).contains(q.toLowerCase(Locale.ROOT)));
        }

        /** A search text has no line break, so it cannot reach over the end of a field. */
        private static String text(Link link) {
            return String.join("\n", link.id(), link.host(), link.user(), Objects.toString(link.provider(), ""))
                    .toLowerCase(Locale.ROOT);
        }

        Comparator<Seen> order() {
            return (a, b) -> {
                int byColumn = compare(column(a), column(b));
                return byColumn != 0
                        ? byColumn
                        : a.link().id().compareTo(b.link().id());
            };
        }

        private Comparable<?> column(Seen seen) {
            var link = seen.link();
            Map<String, Function<Seen, Comparable<?>>> columns = Map.of(
                    "id", each -> link.id(),
                    "type", each -> link.type(),
                    "provider", each -> link.provider(),
                    "host", each -> link.host(),
                    "port", each -> link.port(),
                    "user", each -> link.user(),
                    "enrollment", each -> each.enrollment().status().name(),
                    "status", each -> each.status().toUpperCase(Locale.ROOT),
                    "latency", Seen::latency,
                    "last_seen", Seen::lastSeen);
            return columns.get(sort == null ? "id" : sort).apply(seen);
        }

        /** What has no value comes last, in both directions. */
        @SuppressWarnings("unchecked")
        private int compare(Comparable<?> a, Comparable<?> b) {
            if (a == null || b == null) {
                return Boolean.compare(a == null, b == null);
            }
            int ascending = ((Comparable<Object>) a).compareTo(b);
            return "desc".equals(dir) ? -ascending : ascending;
        }
    }

    @BeforeContainer
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 0)
                .script("hello", "#!/bin/bash")
                .commit();
        linkops = LinkOpsHere.start(world, Map.of());
    }

    @AfterContainer
    static void stop() throws Exception {
        linkops.close();
        world.close();
    }

    /**
     * P7 to P10: whatever inventory is in force and whatever was seen: all links are listed, whole and without a
     * secret; each is found by its id exactly and nothing else is; every filter gives exactly the links that match;
     * every order is kept in both directions, ties by id.
     */
    @Property(tries = 120, shrinking = ShrinkingMode.OFF)
    @Tag("P7")
    @Tag("P8")
    @Tag("P9")
    @Tag("P10")
    void linksAreListedFoundFilteredAndSorted(
            @ForAll("inventories") Inventories inventories, @ForAll("queries") List<Query> queries) throws Exception {
        putInForce(inventories);
        for (var look : inventories.looks()) {
            see(look, inventories.links());
        }
        requireAll();
        requireEach();
        for (var query : queries) {
            var expected = MODEL.values().stream()
                    .filter(query::isMet)
                    .sorted(query.order())
                    .map(seen -> seen.link().id())
                    .toList();
            var answer = linkops.api().get(query.path());
            assertThat(answer.status()).as(query + " " + answer.body()).isEqualTo(200);
            assertThat(links(answer.json()).map(link -> link.getString("id")))
                    .as(query.path())
                    .containsExactlyElementsOf(expected);
            assertThat(answer.json().getInteger("total")).isEqualTo(expected.size());
        }
    }

    private static void requireAll() throws Exception {
        var all = linkops.api().get("/api/links?retired=true");
        assertThat(all.body()).doesNotContain("PRIVATE KEY");
        var expected = MODEL.values().stream().map(Seen::json).toList();
        assertThat(links(all.json())).containsExactlyElementsOf(expected);
        assertThat(links(linkops.api().get("/api/links").json()))
                .containsExactlyElementsOf(expected.stream()
                        .filter(link -> !link.getBoolean("retired"))
                        .toList());
    }

    private static void requireEach() throws Exception {
        for (var id : IDS) {
            var answer = linkops.api().get("/api/links/" + id);
            if (MODEL.containsKey(id)) {
                assertThat(answer.json()).isEqualTo(MODEL.get(id).json());
            } else {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.errorCode()).isEqualTo("LINK_NOT_FOUND");
            }
        }
    }

    private static void putInForce(Inventories inventories) throws Exception {
        if (inventories.byGit()) {
            world.commit(yaml(inventories.links()));
            var synced = linkops.api().post("/api/git/sync");
            if (synced.status() == 409) {
                // A generated inventory may retire many links, or change a pinned key: an admin's word is needed then.
                var held = synced.json()
                        .getJsonObject("error")
                        .getJsonObject("details")
                        .getString("commit");
                synced = linkops.api().post("/api/git/held/" + held + "/approve");
            }
            assertThat(synced.status()).as(synced.body()).isEqualTo(200);
        } else {
            var commit = UUID.randomUUID().toString().replace("-", "") + "00000000";
            linkops.ask(new Inventory.Replace(commit, inventories.links(), List.of()));
        }
        MODEL.replaceAll((id, seen) -> seen.retired());
        for (var link : inventories.links()) {
            // Every description has a new client id, so whatever was seen of the link before is void.
            var old = MODEL.get(link.id());
            MODEL.put(
                    link.id(),
                    new Seen(link, false, Enrollment.UNVERIFIED, null, old == null ? null : old.lastSeen(), null));
        }
    }

    private static void see(Look look, List<Link> links) throws Exception {
        var id = links.get(look.link() % links.size()).id();
        var now = Instant.now();
        var enrollment = look.isEnrolled()
                ? new Enrollment(EnrollmentStatus.ENROLLED, true, true, null, null, now)
                : new Enrollment(EnrollmentStatus.REFUSED, false, false, look.reason(), "It is " + look.reason(), now);
        var offered = enrollment.reason() != null && enrollment.reason().startsWith("host_key")
                ? "SHA256:" + "x".repeat(43)
                : null;
        var latency = isOnline(enrollment) ? look.latency() : null;
        linkops.ask(new RecordEnrollment(id, enrollment, offered, latency));
        var old = MODEL.get(id);
        var kept = now.truncatedTo(ChronoUnit.MILLIS);
        var stored = new Enrollment(
                enrollment.status(),
                enrollment.clientIdFound(),
                enrollment.clientIdMatches(),
                enrollment.reason(),
                enrollment.error(),
                kept);
        MODEL.put(
                id,
                new Seen(
                        old.link(),
                        false,
                        stored,
                        offered != null || isOnline(enrollment) ? offered : old.offered(),
                        isOnline(enrollment) ? kept : old.lastSeen(),
                        latency != null ? latency : old.latency()));
    }

    private static boolean isOnline(Enrollment enrollment) {
        return enrollment.reason() == null || enrollment.reason().startsWith("client_id_");
    }

    /** YAML is a superset of JSON. */
    private static String yaml(List<Link> links) {
        var entries = new JsonObject();
        links.forEach(link -> entries.put(
                link.id(),
                new JsonObject(present(
                        "type", link.type(),
                        "provider", link.provider(),
                        "host", link.host(),
                        "port", link.port(),
                        "user", link.user(),
                        "tags", new JsonArray(link.tags()),
                        "metadata", new JsonObject(new HashMap<>(link.metadata())),
                        "enrollment", new JsonObject(present("clientId", link.clientId(), "path", link.clientIdPath())),
                        "ssh",
                                new JsonObject(present(
                                        "keyRef", link.keyRef(),
                                        "proxyJump", link.proxyJump(),
                                        "hostKey", link.hostKey()))))));
        return new JsonObject().put("links", entries).encode();
    }

    private static Map<String, Object> present(Object... pairs) {
        var map = new HashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] != null) {
                map.put((String) pairs[i], pairs[i + 1]);
            }
        }
        return map;
    }

    private static Stream<JsonObject> links(JsonObject answer) {
        return answer.getJsonArray("links").stream().map(JsonObject.class::cast);
    }

    // ---- worlds --------------------------------------------------------------------------------------------------

    @Provide
    Arbitrary<Inventories> inventories() {
        var ids = Arbitraries.of(IDS).set().ofMinSize(1).ofMaxSize(10).map(List::copyOf);
        var links = ids.flatMap(each -> links(each));
        var looks = Combinators.combine(
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.of(true, false),
                        Arbitraries.of(
                                "client_id_missing",
                                "client_id_mismatch",
                                "unreachable",
                                "host_key_changed",
                                "timeout"),
                        Arbitraries.longs().between(0, 5).injectNull(0.2))
                .as(Look::new);
        return Combinators.combine(links, looks.list().ofMaxSize(8), Arbitraries.of(true, false, false))
                .as(Inventories::new);
    }

    /** A link may only jump over one that comes before it: no circles. */
    private static Arbitrary<List<Link>> links(List<String> ids) {
        var links = new ArrayList<Arbitrary<Link>>();
        for (int i = 0; i < ids.size(); i++) {
            links.add(link(ids.get(i), ids.subList(0, i)));
        }
        return Combinators.combine(links).as(each -> each);
    }

    private static Arbitrary<Link> link(String id, List<String> before) {
        var words = Arbitraries.of("VM", "VPS", "Proxmox", "vm", "Other thing");
        var addresses = Combinators.combine(
                        Arbitraries.of("10.0.0.1", "10.0.0.2", "a.example", "B.example"),
                        Arbitraries.of(22, 22, 2222, 65535),
                        Arbitraries.of("root", "ops", "Ops"))
                .as((host, port, user) -> Map.entry(host + " " + user, port));
        var tags = Arbitraries.of("web", "db", "eu west", "ünï")
                .list()
                .uniqueElements()
                .ofMaxSize(3);
        var jumps = before.isEmpty()
                ? Arbitraries.just((String) null)
                : Arbitraries.of(before).injectNull(0.7);
        var pins = Arbitraries.of("SHA256:" + "A".repeat(43)).injectNull(0.6);
        var texts = Arbitraries.strings()
                .withChars("abcXYZ äöü'\"{}:#,&*!|>%@`-")
                .ofMinLength(1)
                .ofMaxLength(12);
        var metadata =
                Arbitraries.maps(Arbitraries.of("owner", "rack", "note"), texts).ofMaxSize(2);
        return Combinators.combine(
                        words,
                        Arbitraries.of("Hetzner", "hetzner", "AWS", "Łódź").injectNull(0.3),
                        addresses,
                        tags,
                        Arbitraries.of("/etc/linkops/client_id", "/opt/id"),
                        jumps,
                        pins,
                        metadata)
                .as((type, provider, address, tagged, path, jump, pin, more) -> new Link(
                        id,
                        type,
                        provider,
                        address.getKey().split(" ", -1)[0],
                        address.getValue(),
                        address.getKey().split(" ", -1)[1],
                        tagged,
                        "C-" + UUID.randomUUID(),
                        path,
                        pin == null ? null : "id_" + id,
                        jump,
                        pin,
                        more));
    }

    @Provide
    Arbitrary<List<Query>> queries() {
        return Combinators.combine(
                        Arbitraries.of("VM", "VPS", "vm", "None").injectNull(0.7),
                        Arbitraries.of("online", "offline", "unknown").injectNull(0.7),
                        Arbitraries.of("enrolled", "refused", "unverified").injectNull(0.7),
                        Arbitraries.of("web", "db", "eu west", "ünï", "we").injectNull(0.7),
                        Arbitraries.of("B", "10.0", "OPS", "łÓDŹ", "example", "%", "_", "zzz")
                                .injectNull(0.7),
                        Arbitraries.of(
                                        "id",
                                        "type",
                                        "provider",
                                        "host",
                                        "port",
                                        "user",
                                        "enrollment",
                                        "status",
                                        "latency",
                                        "last_seen")
                                .injectNull(0.1),
                        Arbitraries.of("asc", "desc").injectNull(0.2),
                        Arbitraries.of(true, false))
                .as(Query::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }
}
