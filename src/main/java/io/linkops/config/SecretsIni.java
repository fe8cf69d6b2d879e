package io.linkops.config;

import io.linkops.vault.PrivateFile;
import io.linkops.vault.SecretFileException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code secrets.ini} beside the configuration file: tokens, passwords and where keys are, and nothing else. It stands
 * above the configuration file and below the environment. Refused if anybody but LinkOps's user (or root) could read or
 * change it.
 */
final class SecretsIni {
    static final String NAME = "secrets.ini";

    /** Names another place than beside the configuration file. */
    static final String VARIABLE = "LINKOPS_SECRETS_FILE";

    private static final Pattern HARMLESS = Pattern.compile("[a-z][a-z0-9_.]{0,40}");
    private static final List<String> KEY_PATHS = List.of("ssh.keys_directory", "ssh.default_key", "git.ssh_key_path");

    private final Path file;
    private final List<String> problems;
    private final List<String> warnings;

    private SecretsIni(Path file, List<String> problems, List<String> warnings) {
        this.file = file;
        this.problems = problems;
        this.warnings = warnings;
    }

    /** What it says; empty if there is none. */
    static Optional<Layer> read(LoadOptions options, List<String> problems, List<String> warnings) {
        var named = options.environment().getOrDefault(VARIABLE, "");
        var file = named.isEmpty() ? directory(options).resolve(NAME) : Path.of(named);
        if (named.isEmpty() && !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        return new SecretsIni(file, problems, warnings).read();
    }

    /** Whether it may give the key. */
    static boolean gives(ConfigKey key) {
        return key.isSecret() || KEY_PATHS.contains(key.path());
    }

    private static Path directory(LoadOptions options) {
        var named =
                options.file() == null ? null : options.file().toAbsolutePath().getParent();
        return named == null ? options.directory() : named;
    }

    private Optional<Layer> read() {
        try {
            PrivateFile.requireForService(file);
            var layer = IniFile.read(file.toString(), Files.readString(file), problems);
            warnOfGit();
            return Optional.of(new Layer(layer.name(), allowed(layer), layer.place()));
        } catch (SecretFileException e) {
            problems.add(file + ": " + e.text() + ".");
        } catch (CharacterCodingException e) {
            problems.add(file + ": is not UTF-8 text.");
        } catch (IOException e) {
            problems.add(file + ": cannot be read (" + e.getClass().getSimpleName()
                    + "); it must be a file that LinkOps's user may read.");
        }
        return Optional.empty();
    }

    private JsonObject allowed(Layer layer) {
        var allowed = new JsonObject();
        for (var section : layer.values()) {
            var known = Section.named(section.getKey());
            var keys = (JsonObject) section.getValue();
            if (known.isEmpty()) {
                problems.add(layer.place().apply(section.getKey()) + ": " + shown(section.getKey())
                        + " is not a section. " + kept());
                continue;
            }
            var kept = new JsonObject();
            for (var entry : keys) {
                var key = known.get().key(entry.getKey());
                if (key.isPresent() && gives(key.get())) {
                    kept.put(entry.getKey(), entry.getValue());
                } else {
                    problems.add(layer.place().apply(section.getKey() + "." + entry.getKey()) + ": "
                            + shown(entry.getKey()) + " does not belong here. " + kept());
                }
            }
            allowed.put(section.getKey(), kept);
        }
        return allowed;
    }

    /** A line that is a secret itself may look like a key. */
    private static String shown(String name) {
        return HARMLESS.matcher(name).matches() ? name : "what stands there";
    }

    private static String kept() {
        return Section.ALL.stream()
                .flatMap(section -> section.keys().stream())
                .filter(SecretsIni::gives)
                .map(ConfigKey::path)
                .collect(Collectors.joining(", ", NAME + " takes ", "; everything else is for the configuration."));
    }

    private void warnOfGit() {
        for (var at = file.toAbsolutePath().getParent(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(".git"))) {
                warnings.add(file + ": lies in the Git repository " + at
                        + "; secrets do not belong into Git. Move it, and replace what was in it if it was ever"
                        + " committed.");
                return;
            }
        }
    }
}
