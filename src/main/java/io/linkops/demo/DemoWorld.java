package io.linkops.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything the demo stands on: a fleet that answers, a key that opens it, a repository that describes it. */
public final class DemoWorld implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoWorld.class);
    private static final String EXAMPLE = "/git-repo-example";
    private static final String KEY = "demo_key";
    /** The TCP port service multiplexer: nobody listens there. */
    private static final int DEAD_PORT = 1;

    private final Path directory;
    private final Path homes;
    private final EmbeddedFleet fleet;
    private final int links;

    private DemoWorld(Path directory, Path homes, EmbeddedFleet fleet, int links) {
        this.directory = directory;
        this.homes = homes;
        this.fleet = fleet;
        this.links = links;
    }

    /** Makes it; blocking, takes about a second. */
    public static DemoWorld create(Path directory, int links) throws IOException {
        var keys = Files.createDirectories(directory.resolve("keys"));
        var shell = HarmlessShell.here();
        var homes = shell.homes(directory.resolve("links"));
        var key = DemoKeys.generate();
        Files.deleteIfExists(keys.resolve(KEY));
        DemoKeys.write(key, keys.resolve(KEY));
        var fleet = EmbeddedFleet.start(shell, homes, key.getPublic());
        var files = example();
        var inventory = new DemoLinks(text(files, "links.yaml"), links);
        for (var id : inventory.ids()) {
            add(fleet, inventory, shell, homes, id);
        }
        files.put("links.yaml", inventory.yaml().getBytes(StandardCharsets.UTF_8));
        DemoRepository.commit(directory.resolve("repository.git"), files, "Describe the demo's fleet");
        return new DemoWorld(directory, homes, fleet, inventory.ids().size());
    }

    private static void add(EmbeddedFleet fleet, DemoLinks inventory, HarmlessShell shell, Path homes, String id)
            throws IOException {
        var home = Files.createDirectories(homes.resolve(id));
        var clientId = home.resolve("client_id");
        var content = id.equals(DemoLinks.REINSTALLED) ? "LINKOPS-of-another-machine" : inventory.clientId(id);
        Files.writeString(clientId, content + "\n");
        shell.give(home);
        shell.give(clientId);
        int port = id.equals(DemoLinks.SWITCHED_OFF) ? DEAD_PORT : fleet.add(id);
        inventory.locate(id, port, clientId.toAbsolutePath().toString(), KEY, fleet.fingerprint());
    }

    /** The configuration that serves this world, section by section. */
    public Map<String, Map<String, Object>> settings(int port) {
        return Map.of(
                "api", Map.of("host", "127.0.0.1", "port", port),
                "database", Map.of("path", path("linkops.db")),
                "git",
                        Map.of(
                                "repository_url",
                                directory
                                        .resolve("repository.git")
                                        .toAbsolutePath()
                                        .toUri()
                                        .toString(),
                                "local_path",
                                path("git")),
                "ssh", Map.of("keys_directory", path("keys"), "max_retries", 0, "connection_timeout", 10),
                "terminal", Map.of("recordings_directory", path("recordings")),
                "logging", Map.of("level", "ERROR"));
    }

    public int links() {
        return links;
    }

    private String path(String name) {
        return directory.resolve(name).toAbsolutePath().toString();
    }

    /** The example repository, as it is on the class path. */
    private static Map<String, byte[]> example() throws IOException {
        var resource = DemoWorld.class.getResource(EXAMPLE + "/links.yaml");
        if (resource == null) {
            throw new IOException("the example repository is not in this build");
        }
        try {
            return resource.getProtocol().equals("jar") ? fromJar(resource.toURI()) : files(Path.of(resource.toURI()));
        } catch (URISyntaxException e) {
            throw new IOException("no place for " + resource, e);
        }
    }

    private static Map<String, byte[]> fromJar(URI uri) throws IOException {
        try (var jar = FileSystems.newFileSystem(uri, Map.of())) {
            return files(jar.getPath(EXAMPLE + "/links.yaml"));
        }
    }

    private static Map<String, byte[]> files(Path linksYaml) throws IOException {
        var root = linksYaml.getParent();
        var files = new TreeMap<String, byte[]>();
        if (root != null) {
            try (var all = Files.walk(root)) {
                for (var file : all.filter(Files::isRegularFile).toList()) {
                    files.put(root.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    private static String text(Map<String, byte[]> files, String name) {
        return new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            fleet.close();
        } catch (IOException e) {
            LOG.warn("The demo's fleet did not stop", e);
        }
        if (!homes.startsWith(directory)) {
            delete(homes);
        }
    }

    /** Removes a directory the demo made, with all that is in it; what cannot be removed is told in the log. */
    public static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} could not be removed", directory, e);
        }
    }
}
