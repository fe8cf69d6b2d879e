package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.Bytes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** P11, P12: what a client id file may be, and what a link is then, through the API and over real SSH. */
class ClientIdApiProperties {
    private static final String LINK = "link-001";
    private static World world;
    private static LinkOpsHere linkops;

    /** What lies where the client id should be. */
    enum Kind {
        TEXT,
        MISSING,
        DIRECTORY,
        FIFO,
        DANGLING,
        SYMLINK,
        BELOW_A_FILE,
        HUGE
    }

    /** @param content for TEXT and SYMLINK */
    record Found(Kind kind, Bytes content) {
        /** The reason it must be refused for, one of these; none if it must be taken. */
        List<String> reasons() {
            return switch (kind) {
                case MISSING -> List.of("client_id_missing");
                case BELOW_A_FILE -> List.of("client_id_missing", "client_id_irregular");
                case DIRECTORY, FIFO -> List.of("client_id_irregular");
                case DANGLING -> List.of("client_id_irregular", "client_id_missing");
                case HUGE -> List.of("client_id_too_large", "client_id_irregular");
                case TEXT, SYMLINK -> reasonsOfText();
            };
        }

        private List<String> reasonsOfText() {
            if (content.text().stripTrailing().equals(world.clientId(LINK))) {
                return List.of();
            }
            return content.toArray().length > 256
                    ? List.of("client_id_too_large", "client_id_irregular")
                    : List.of("client_id_mismatch", "client_id_irregular");
        }
    }

    @BeforeContainer
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 1);
        world.script("mark", "#!/bin/bash", "touch " + world.directory().resolve("ran"))
                .commit();
        linkops = LinkOpsHere.start(world, Map.of());
        assertThat(linkops.api().post("/api/git/sync").status()).isEqualTo(200);
    }

    @AfterContainer
    static void stop() throws Exception {
        linkops.close();
        world.close();
    }

    /**
     * P11, P12: the link is enrolled if and only if the file holds the inventory's client id, trailing white space
     * aside; else the answer, the link and a submission all say why, naming the file and the link, and nothing runs.
     */
    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    @Tag("P11")
    @Tag("P12")
    void onlyTheRightClientIdEnrolls(@ForAll("files") Found found) throws Exception {
        put(found);
        var verdict = linkops.api().post("/api/links/" + LINK + "/verify").json();
        var link = linkops.api().get("/api/links/" + LINK).json();
        assertThat(verdict.getBoolean("enrolled"))
                .as(verdict.encode())
                .isEqualTo(found.reasons().isEmpty());
        assertThat(link.getJsonObject("enrollment").getString("status"))
                .isEqualTo(found.reasons().isEmpty() ? "enrolled" : "refused");
        assertThat(link.getJsonObject("health").getString("status")).isEqualTo("online");
        if (!found.reasons().isEmpty()) {
            assertThat(verdict.getString("reason")).as(verdict.encode()).isIn(found.reasons());
            assertThat(verdict.getString("error")).contains(LINK).contains(path().toString());
            assertThat(link.getJsonObject("enrollment").getString("error")).isEqualTo(verdict.getString("error"));
            requireRefusal(verdict);
        }
    }

    private static void requireRefusal(JsonObject verdict) throws Exception {
        var answer = linkops.api()
                .post(
                        "/api/operations/run",
                        new JsonObject()
                                .put("scripts", new JsonArray().add("mark"))
                                .put("targets", new JsonArray().add(LINK)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        var refused =
                answer.json().getJsonObject("error").getJsonObject("details").getJsonArray("targets");
        assertThat(refused)
                .containsExactly(new JsonObject()
                        .put("target", LINK)
                        .put("reason", verdict.getString("reason"))
                        .put("error", verdict.getString("error")));
        assertThat(world.directory().resolve("ran")).doesNotExist();
    }

    private static Path path() {
        return world.clientIdFile(LINK);
    }

    private static void put(Found found) throws Exception {
        clear();
        switch (found.kind()) {
            case TEXT -> Files.write(path(), found.content().toArray());
            case MISSING -> assertThat(path()).doesNotExist();
            case DIRECTORY -> Files.createDirectory(path());
            case FIFO ->
                assertThat(new ProcessBuilder("mkfifo", path().toString())
                                .start()
                                .waitFor())
                        .isZero();
            case DANGLING -> Files.createSymbolicLink(path(), Path.of("/nowhere/at/all"));
            case SYMLINK -> {
                var real = Files.write(
                        world.directory().resolve("real_id"), found.content().toArray());
                Files.createSymbolicLink(path(), real);
            }
            case BELOW_A_FILE -> {
                Files.delete(world.home(LINK));
                Files.createFile(world.home(LINK));
            }
            case HUGE -> {
                try (var file = new RandomAccessFile(path().toFile(), "rw")) {
                    file.setLength(1L << 30);
                }
            }
        }
    }

    private static void clear() throws IOException {
        if (Files.isRegularFile(world.home(LINK))) {
            Files.delete(world.home(LINK));
            Files.createDirectory(world.home(LINK));
        }
        if (Files.exists(path(), LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(path());
        }
    }

    @Provide
    Arbitrary<Found> files() {
        var spaces = Arbitraries.strings().withChars(' ', '\n', '\t', '\r').ofMaxLength(4);
        var right = spaces.map(space -> world.clientId(LINK) + space);
        var near = Arbitraries.of(" %s", "%sx", "x%s", "%s\nmore", "\ufeff%s", "%s\0", "'%s'")
                .map(format -> format.replace("%s", world.clientId(LINK)));
        var texts = Arbitraries.oneOf(right, right, near, Arbitraries.strings().ofMaxLength(100))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        var bytes = Arbitraries.oneOf(
                texts, texts, Arbitraries.bytes().array(byte[].class).ofMaxSize(400));
        var readable = bytes.flatMap(
                each -> Arbitraries.of(Kind.TEXT, Kind.SYMLINK).map(kind -> new Found(kind, Bytes.of(each))));
        var others = Arbitraries.of(Kind.class)
                .filter(kind -> kind != Kind.TEXT && kind != Kind.SYMLINK)
                .map(kind -> new Found(kind, Bytes.of(new byte[0])));
        return Arbitraries.oneOf(readable, readable, others);
    }
}
