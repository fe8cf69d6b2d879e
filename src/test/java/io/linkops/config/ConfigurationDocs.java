package io.linkops.config;

import java.util.List;
import java.util.Locale;

/** Writes docs/CONFIGURATION.md and conf/linkops.yaml from the records. */
final class ConfigurationDocs {
    private static final int WIDTH = 100;

    private ConfigurationDocs() {}

    static String page() {
        var page = new StringBuilder(INTRODUCTION);
        for (var section : Section.ALL) {
            page.append("\n## ").append(section.name()).append("\n\n");
            page.append("| key | default | takes | what it does |\n|---|---|---|---|\n");
            for (var key : section.keys()) {
                page.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                key.name(),
                                shownDefault(key),
                                Expectation.of(key),
                                key.key().value()));
            }
        }
        return page.append(ENVIRONMENT).toString();
    }

    static String example() {
        var file = new StringBuilder(HEADER);
        for (var section : Section.ALL) {
            file.append("\n").append(section.name()).append(":\n");
            for (var key : section.keys()) {
                file.append(key.equals(section.keys().getFirst()) ? "" : "\n");
                comment(file, key.key().value());
                comment(file, "Takes " + Expectation.of(key) + ".");
                var value = written(key);
                file.append(value.isEmpty() ? "  # " + key.name() + ":" : "  " + key.name() + ": " + value)
                        .append("\n");
            }
        }
        return file.toString();
    }

    private static void comment(StringBuilder file, String text) {
        var line = new StringBuilder("  #");
        for (var word : List.of(text.split(" "))) {
            if (line.length() + word.length() >= WIDTH) {
                file.append(line).append("\n");
                line = new StringBuilder("  #");
            }
            line.append(" ").append(word);
        }
        file.append(line).append("\n");
    }

    /** As one writes it: with its unit, where the key counts time. */
    private static String written(ConfigKey key) {
        if (key.type() == List.class) {
            return "[" + key.key().byDefault() + "]";
        }
        if (key.type().isEnum()) {
            return key.key().byDefault().toLowerCase(Locale.ROOT);
        }
        return key.type() == java.time.Duration.class && !key.key().byDefault().equals("0")
                ? key.key().byDefault() + key.key().unit()
                : key.key().byDefault();
    }

    private static String shownDefault(ConfigKey key) {
        var value = written(key);
        return value.isEmpty() ? "none" : "`" + value + "`";
    }

    private static final String HEADER = """
        # The complete configuration of LinkOps: every key with its default.
        # Copy it to /etc/linkops/config.yaml, keep what you change, and run `linkops doctor`.
        # Durations: a bare number counts in the unit named, or write 250ms, 30s, 5m, 2h, 1d.
        # Sizes: bytes, or 64KiB, 10MiB, 1GiB. Keys without a default are commented out.
        # Each key can also be given as an environment variable (LINKOPS_API_PORT).
        """;

    private static final String INTRODUCTION = """
        # Configuration

        Written from the code by `mvn test -Dtest=ConfigurationDocsTest -Ddocs.apply -Dfrontend.skip`; do not edit by hand.
        A complete file with every default is `conf/linkops.yaml`.

        ## Where settings come from

        In rising precedence:

        1. the defaults below;
        2. one file: the one named with `--config FILE` (it must exist), else `/etc/linkops/config.yaml`, else
           `/etc/linkops/config.ini`. A name that ends in `.ini` is read as INI, anything else as YAML;
        3. `secrets.ini` beside that file (or where `LINKOPS_SECRETS_FILE` says), for secrets and the paths of keys
           alone; refused unless only LinkOps's user, or root and a group, may read it. See [SECRETS.md](SECRETS.md);
        4. the environment: `LINKOPS_<SECTION>_<KEY>`, such as `LINKOPS_API_PORT` or `LINKOPS_GIT_REPOSITORY_URL`.
           An empty variable counts as not set;
        5. system properties: `-Dlinkops.<section>.<key>`, such as `-Dlinkops.api.port=8081`.

        Anything wrong (an unknown section or key, a wrong type, a value out of range, values that do not fit each other)
        stops the start with exit code 1. All problems are listed at once, each with file and line, variable or property.
        `linkops doctor` lists them without starting anything.

        ## How values are written

        - **Durations**: a bare number counts in the key's unit, or `250ms`, `30s`, `5m`, `2h`, `1d`.
        - **Sizes** in bytes: a bare number, or `64KiB`, `10MiB`, `1GiB`.
        - **Paths** are absolute: LinkOps as a service has no directory of its own to start from.
        - **Lists**: a YAML list, or texts with commas between them (INI, environment, properties).
        - **Texts** that YAML would take for something else (numbers, `true`, dates) stand in quotes.
        - **true or false**: also `yes`, `no`, `on`, `off`.
        - **Secrets** (`jwt_secret`, `token`, …) are given as they are, or as a reference: `file:/PATH` (a file that only
          LinkOps's user may read, or root and a group), `env:NAME` or `vault:NAME` (`linkops secrets put NAME`). See
          [SECRETS.md](SECRETS.md). They never appear in messages, logs or answers. A file that holds one should be
          readable by LinkOps's user only; otherwise the start logs a warning.

        INI has the same sections and keys: `[api]`, then `port = 8080`; `#` or `;` at the start of a line is a comment.
        The sections %s belong to rooms that are not built yet: they are ignored with a warning.
        """.formatted(String.join(
            ", ", Section.NOT_USED_YET.stream().map(name -> "`" + name + "`").toList()));

    private static final String ENVIRONMENT = """

        ## Other environment variables

        | variable | what it does |
        |---|---|
        | `LINKOPS_SECRETS_FILE` | Where `secrets.ini` is, if not beside the configuration file. |
        | `LINKOPS_SECRET_NAME` | A secret for scripts. |
        | `LINKOPS_ADMIN_PASSWORD` | Password of the first `admin`, used only when the database has no user yet. |
        | `LINKOPS_URL`, `LINKOPS_TOKEN` | For the commands that speak to a running server. |
        """;
}
