package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * P13, P14: what a submission writes before it is answered. One operation holds the only place to run all the while, so
 * that the others stay queued and can be looked at.
 */
class SubmissionApiProperties {
    private static final int MACHINES = 8;
    private static World world;
    private static LinkOpsHere linkops;
    private static Path gate;
    private static String holder;

    @BeforeContainer
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 1);
        gate = world.directory().resolve("gate");
        world.script("hold", "#!/bin/bash", "until [ -e " + gate + " ]; do sleep 0.1; done")
                .script("mark-1", "#!/bin/bash", "touch " + world.directory().resolve("ran"))
                .script("mark-2", "#!/bin/bash", "touch " + world.directory().resolve("ran"))
                .commit(world.linksYaml() + machines());
        linkops = LinkOpsHere.start(world, Map.of("operations.max_active", 1));
        assertThat(linkops.api().post("/api/git/sync").status()).isEqualTo(200);
        assertThat(linkops.api().post("/api/links/link-001/verify").json().getBoolean("enrolled"))
                .isTrue();
        holder = World.run(linkops.api(), 1, List.of("hold"), "link-001");
    }

    /** Machines that were never switched on: nothing must ever be sent there. */
    private static String machines() {
        var yaml = new StringBuilder();
        for (int i = 1; i <= MACHINES; i++) {
            yaml.append(
                    "  machine-%d: {type: VM, host: 127.2.0.%d, port: 1, user: nobody, enrollment: {clientId: C-%d}}\n"
                            .formatted(i, i, i));
        }
        return yaml.toString();
    }

    @AfterContainer
    static void stop() throws Exception {
        Files.createFile(gate);
        assertThat(World.await(linkops.api(), holder).getString("status")).isEqualTo("success");
        linkops.close();
        world.close();
    }

    /**
     * P13: an operation on any targets is taken if and only if every one of them is enrolled; else all that are not,
     * and no other, are named with the reason and a sentence, and nothing is written and nothing runs. A link that
     * nobody looked at is looked at then; none of these can be reached.
     */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P13")
    void onlyEnrolledTargetsAreTaken(@ForAll("enrollments") List<Enrollment> enrollments) throws Exception {
        var expected = new TreeMap<String, String>();
        for (int i = 0; i < enrollments.size(); i++) {
            var enrollment = enrollments.get(i);
            linkops.ask(new RecordEnrollment(machine(i), at(enrollment, Instant.now()), null, null));
            if (!enrollment.isEnrolled()) {
                expected.put(
                        machine(i),
                        enrollment.status() == EnrollmentStatus.UNVERIFIED ? "unreachable" : enrollment.reason());
            }
        }
        var before = linkops.column("SELECT id FROM operations UNION ALL SELECT id FROM executions");
        var answer = submit(targets(enrollments.size()), List.of("mark-1"));
        if (expected.isEmpty()) {
            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            end(answer.json().getString("operation_id"));
        } else {
            assertThat(answer.status()).as(answer.body()).isEqualTo(403);
            assertThat(answer.errorCode()).isEqualTo("NOT_ENROLLED");
            assertThat(refused(answer)).isEqualTo(expected);
            assertThat(linkops.column("SELECT id FROM operations UNION ALL SELECT id FROM executions"))
                    .isEqualTo(before);
        }
        assertThat(world.directory().resolve("ran")).doesNotExist();
    }

    /**
     * P14: when a submission is answered its operation and all its executions are on disk as queued, under the id that
     * the answer names; a stop before it began leaves it with nothing run.
     */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P14")
    void aSubmissionIsOnDiskAsQueuedBeforeItIsAnswered(
            @ForAll @IntRange(min = 1, max = MACHINES) int links,
            @ForAll @IntRange(min = 1, max = 2) int scripts,
            @ForAll @IntRange(min = 1, max = 20) int concurrency)
            throws Exception {
        for (int i = 0; i < links; i++) {
            var enrolled = new Enrollment(EnrollmentStatus.ENROLLED, true, true, null, null, Instant.now());
            linkops.ask(new RecordEnrollment(machine(i), enrolled, null, null));
        }
        var answer = linkops.api()
                .post(
                        "/api/operations/run",
                        request(targets(links), List.of("mark-1", "mark-2").subList(0, scripts))
                                .put("concurrency", concurrency));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.json().getString("status")).isEqualTo("queued");
        var id = answer.json().getString("operation_id");
        assertThat(linkops.column(
                        "SELECT status || ' ' || targets || ' ' || concurrency || ' ' || started_by FROM operations"
                                + " WHERE id = ?",
                        id))
                .containsExactly("QUEUED " + links + " " + concurrency + " admin");
        assertThat(linkops.column("SELECT target FROM executions WHERE operation_id = ? AND status = 'QUEUED'", id))
                .hasSize(links * scripts)
                .hasSameElementsAs(targets(links));
        end(id);
    }

    private static void end(String id) throws Exception {
        assertThat(linkops.api().get("/api/operations/" + id).json().getString("status"))
                .isEqualTo("queued");
        assertThat(linkops.api().post("/api/operations/" + id + "/stop").status())
                .isEqualTo(202);
        var ended = World.await(linkops.api(), id);
        assertThat(ended.getString("status")).isEqualTo("stopped");
        assertThat(World.executions(ended)).allMatch(each -> each.getString("started_at") == null);
        assertThat(world.directory().resolve("ran")).doesNotExist();
    }

    private static ApiClient.Answer submit(List<String> targets, List<String> scripts) throws Exception {
        return linkops.api().post("/api/operations/run", request(targets, scripts));
    }

    private static JsonObject request(List<String> targets, List<String> scripts) {
        return new JsonObject().put("scripts", new JsonArray(scripts)).put("targets", new JsonArray(targets));
    }

    private static Map<String, String> refused(ApiClient.Answer answer) {
        var refused = new TreeMap<String, String>();
        var details = answer.json().getJsonObject("error").getJsonObject("details");
        details.getJsonArray("targets").stream().map(JsonObject.class::cast).forEach(each -> {
            refused.put(each.getString("target"), each.getString("reason"));
            assertThat(each.getString("error")).isNotBlank();
        });
        return refused;
    }

    private static String machine(int index) {
        return "machine-" + (index + 1);
    }

    private static List<String> targets(int count) {
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            targets.add(machine(i));
        }
        return targets;
    }

    private static Enrollment at(Enrollment enrollment, Instant now) {
        return enrollment.status() == EnrollmentStatus.UNVERIFIED
                ? enrollment
                : new Enrollment(
                        enrollment.status(),
                        enrollment.clientIdFound(),
                        enrollment.clientIdMatches(),
                        enrollment.reason(),
                        enrollment.error(),
                        now);
    }

    @Provide
    Arbitrary<List<Enrollment>> enrollments() {
        var enrolled = new Enrollment(EnrollmentStatus.ENROLLED, true, true, null, null, null);
        var refused = Arbitraries.of(
                        "client_id_missing", "client_id_mismatch", "unreachable", "host_key_changed", "timeout")
                .map(reason -> new Enrollment(EnrollmentStatus.REFUSED, false, false, reason, "It is " + reason, null));
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(4, Arbitraries.just(enrolled)),
                        net.jqwik.api.Tuple.of(1, refused),
                        net.jqwik.api.Tuple.of(1, Arbitraries.just(Enrollment.UNVERIFIED)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(MACHINES);
    }
}
