package io.linkops.world;

import io.linkops.demo.DemoRepository;
import io.linkops.fleet.RealSshd;
import io.linkops.fleet.SystemdMachine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything a LinkOps needs, for real: an sshd that answers on an address for each link, a bare Git repository, keys,
 * a client id file for each link, a configuration file. What it is missing is LinkOps: {@link #serve}.
 */
public final class World implements Closeable {
    private final Path directory;
    private final RealSshd sshd;
    private final List<String> ids = new ArrayList<>();
    private final Map<String, String> clientIds = new TreeMap<>();
    private final Map<String, String> scripts = new TreeMap<>();
    private final Map<String, String> timeouts = new TreeMap<>();
    private final Map<String, String> names = new TreeMap<>();
    private String schedules = "";
    private final Map<String, List<String>> fields = new TreeMap<>();

    private World(Path directory, RealSshd sshd) {
        this.directory = directory;
        this.sshd = sshd;
    }

    /** Links link-001, link-002, …, each with its client id in place; no scripts yet. */
    public static World with(Path directory, int links) throws Exception {
        return with(directory, links, List.of());
    }

    /** As {@link #with(Path, int)} with lines for sshd's configuration. */
    public static World with(Path directory, int links, List<String> sshdConfig) throws Exception {
        var sshd = RealSshd.start(Files.createDirectories(directory.resolve("sshd")), List.of("ed25519"), sshdConfig);
        var world = new World(directory, sshd);
        for (int number = 1; number <= links; number++) {
            var id = "link-%03d".formatted(number);
            world.ids.add(id);
            world.clientIds.put(id, "LINKOPS-" + UUID.randomUUID());
            Files.createDirectories(world.home(id));
            Files.writeString(world.clientIdFile(id), world.clientIds.get(id) + "\n");
        }
        return world;
    }

    /** Adds a script to the catalog; {@link #commit} puts it into the repository. */
    public World script(String id, String... lines) {
        scripts.put(id, String.join("\n", lines) + "\n");
        return this;
    }

    /** The time limit of a script, such as {@code 5s}. */
    public World timeout(String script, String limit) {
        timeouts.put(script, limit);
        return this;
    }

    /** What schedules.yaml says; {@link #commit} puts it into the repository. */
    public World schedules(String... lines) {
        schedules = String.join("\n", lines) + "\n";
        return this;
    }

    /** What people read instead of a script's id. */
    public World named(String script, String name) {
        names.put(script, name);
        return this;
    }

    /** More fields of a script, as they stand in scripts.yaml, without indentation. */
    public World fields(String script, String... lines) {
        fields.put(script, List.of(lines));
        return this;
    }

    /** Forgets the branch's history: the next commit is its first one, as after a forced push. */
    public World rewriteHistory() throws IOException {
        Files.delete(repository().resolve("refs/heads/main"));
        return this;
    }

    /** Empties the catalog; {@link #commit} puts it into the repository. */
    public World withoutScripts() {
        scripts.clear();
        return this;
    }

    /** Commits links.yaml, scripts.yaml and the scripts to the branch main. */
    public World commit() throws Exception {
        return commit(linksYaml());
    }

    /** As {@link #commit()} with another links.yaml. */
    public World commit(String linksYaml) throws Exception {
        return commit(linksYaml, "Describe the world");
    }

    /** As {@link #commit(String)} with a message of its own. */
    public World commit(String linksYaml, String message) throws Exception {
        var files = new TreeMap<String, byte[]>();
        files.put("links.yaml", linksYaml.getBytes(StandardCharsets.UTF_8));
        files.put("scripts.yaml", scriptsYaml().getBytes(StandardCharsets.UTF_8));
        scripts.forEach((id, text) -> files.put("scripts/" + id + ".sh", text.getBytes(StandardCharsets.UTF_8)));
        if (!schedules.isBlank()) {
            files.put("schedules.yaml", schedules.getBytes(StandardCharsets.UTF_8));
        }
        DemoRepository.commit(repository(), files, message);
        return this;
    }

    public String linksYaml() throws Exception {
        var yaml = new StringBuilder("links:\n");
        var fingerprint = sshd.fingerprint();
        for (int i = 0; i < ids.size(); i++) {
            var id = ids.get(i);
            yaml.append("""
                  %s:
                    type: %s
                    provider: loopback
                    host: %s
                    port: %d
                    user: %s
                    tags: [test, %s]
                    enrollment:
                      clientId: %s
                      path: %s
                    ssh:
                      keyRef: %s
                      hostKey: "%s"
                """.formatted(
                            id,
                            i % 2 == 0 ? "VM" : "VPS",
                            sshd.host(i + 1),
                            sshd.port(),
                            sshd.user(),
                            i % 3 == 0 ? "web" : "db",
                            clientIds.get(id),
                            clientIdFile(id),
                            sshd.keyName(),
                            fingerprint));
        }
        return yaml.toString();
    }

    /** A links.yaml in which link-001 is this machine, with root's log-in and its client id at the usual place. */
    public String linksYaml(SystemdMachine machine) throws Exception {
        return """
            links:
              link-001:
                type: VM
                provider: namespaces
                host: %s
                port: 22
                user: root
                tags: [test]
                enrollment:
                  clientId: %s
                ssh:
                  keyRef: %s
                  hostKey: "%s"
            """.formatted(machine.host(), clientIds.get("link-001"), sshd.keyName(), machine.fingerprint());
    }

    private String scriptsYaml() {
        var yaml = new StringBuilder(scripts.isEmpty() ? "scripts: []\n" : "scripts:\n");
        scripts.keySet()
                .forEach(id -> yaml.append("  ")
                        .append(id)
                        .append(":\n    name: ")
                        .append(
                                names.containsKey(id)
                                        ? JsonObject.of("", names.get(id))
                                                .encode()
                                                .replaceAll("^\\{\"\":|}$", "")
                                        : id)
                        .append("\n    description: the script ")
                        .append(id)
                        .append("\n    path: scripts/")
                        .append(id)
                        .append(".sh\n")
                        .append(timeouts.containsKey(id) ? "    timeout: " + timeouts.get(id) + "\n" : "")
                        .append(fields.getOrDefault(id, List.of()).stream()
                                .map(line -> "    " + line + "\n")
                                .collect(Collectors.joining())));
        return yaml.toString();
    }

    /** Writes the configuration; overrides are {@code section.key} → value as in YAML. */
    public Path configure(Map<String, Object> overrides) throws Exception {
        var sections = new TreeMap<String, TreeMap<String, Object>>();
        var all = new TreeMap<String, Object>(Map.of(
                "api.port",
                0,
                "database.path",
                directory.resolve("data/linkops.db"),
                "git.repository_url",
                repository().toUri(),
                "git.local_path",
                directory.resolve("data/git"),
                "git.sync_interval_minutes",
                0,
                "git.retry_delay",
                "100ms",
                "ssh.keys_directory",
                sshd.keysDirectory(),
                "ssh.connection_timeout",
                10,
                "ssh.retry_delay",
                "100ms",
                "operations.kill_grace",
                1));
        all.put("terminal.recordings_directory", directory.resolve("data/recordings"));
        all.put("health.check_interval_minutes", 0);
        all.put("operations.shutdown_grace", 0);
        all.putAll(overrides);
        all.forEach((key, value) -> {
            int dot = key.indexOf('.');
            sections.computeIfAbsent(key.substring(0, dot), _ -> new TreeMap<>())
                    .put(key.substring(dot + 1), value);
        });
        var yaml = new StringBuilder();
        sections.forEach((section, keys) -> {
            yaml.append(section).append(":\n");
            keys.forEach((key, value) ->
                    yaml.append("  ").append(key).append(": ").append(value).append('\n'));
        });
        return Files.writeString(directory.resolve("linkops.yaml"), yaml.toString());
    }

    /** Starts LinkOps as a process of its own on this world. */
    public LinkOpsProcess serve() throws Exception {
        return serve(Map.of());
    }

    public LinkOpsProcess serve(Map<String, Object> overrides) throws Exception {
        return LinkOpsProcess.start(
                directory, "serve", "--config", configure(overrides).toString());
    }

    /** As {@link #serve(Map)} with options for its JVM. */
    public LinkOpsProcess serve(Map<String, Object> overrides, List<String> options) throws Exception {
        return LinkOpsProcess.start(
                directory, options, "serve", "--config", configure(overrides).toString());
    }

    /** Syncs and verifies every link; throws unless all of it succeeds. */
    public static void enroll(ApiClient api) throws Exception {
        var synced = api.post("/api/git/sync");
        if (synced.status() != 200) {
            throw new IllegalStateException("sync answered " + synced);
        }
        var verified = await(api, verify(api, "*"));
        if (!verified.getString("status").equals("success")) {
            throw new IllegalStateException("verification came to " + verified.encodePrettily());
        }
    }

    /** Runs scripts. @return the operation's id */
    public static String run(ApiClient api, int concurrency, List<String> scripts, String... targets) throws Exception {
        return run(
                api,
                new JsonObject()
                        .put("scripts", new JsonArray(scripts))
                        .put("targets", new JsonArray(List.of(targets)))
                        .put("concurrency", concurrency));
    }

    /** Runs what this body asks for. @return the operation's id */
    public static String run(ApiClient api, JsonObject body) throws Exception {
        return submit(api, "/api/operations/run", body);
    }

    /** Verifies these. @return the operation's id */
    public static String verify(ApiClient api, String... targets) throws Exception {
        return submit(api, "/api/links/verify", new JsonObject().put("targets", new JsonArray(List.of(targets))));
    }

    private static String submit(ApiClient api, String path, JsonObject body) throws Exception {
        var answer = api.post(path, body);
        if (answer.status() != 202) {
            throw new IllegalStateException(path + " answered " + answer);
        }
        return answer.json().getString("operation_id");
    }

    /** Follows an operation to its end. @return it as the API shows it then */
    public static JsonObject await(ApiClient api, String operationId) throws Exception {
        api.events(operationId);
        return api.get("/api/operations/" + operationId).json();
    }

    /** A new directory for a world, removed when this JVM ends. */
    public static Path newDirectory() throws IOException {
        var directory = Files.createTempDirectory("linkops-world-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
        return directory;
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // What is left is in the directory for temporary files.
        }
    }

    public static Stream<JsonObject> executions(JsonObject operation) {
        return operation.getJsonArray("executions").stream().map(JsonObject.class::cast);
    }

    public Path directory() {
        return directory;
    }

    public RealSshd sshd() {
        return sshd;
    }

    public Path repository() {
        return directory.resolve("repository.git");
    }

    public List<String> ids() {
        return List.copyOf(ids);
    }

    public String clientId(String id) {
        return clientIds.get(id);
    }

    /** A directory that belongs to this link alone: all links are one machine here. */
    public Path home(String id) {
        return directory.resolve("links").resolve(id);
    }

    public Path clientIdFile(String id) {
        return home(id).resolve("client_id");
    }

    @Override
    public void close() throws IOException {
        sshd.close();
    }
}
