package io.linkops.config;

import java.nio.file.Path;
import java.time.Duration;

/** Terminals in the browser. */
public record TerminalConfig(
        @Key(value = "Workspaces at once, over all users.", byDefault = "100", min = 1, max = 10000)
        int maxWorkspaces,

        @Key(value = "Workspaces at once of one user.", byDefault = "10", min = 1, max = 10000)
        int maxWorkspacesPerUser,

        @Key(value = "Panes of one workspace.", byDefault = "4", min = 1, max = 4)
        int maxPanesPerWorkspace,

        @Key(
                value = "Shells open at once, over all users. Keep it well below ssh.max_connections: links that"
                        + " operations run on need connections too.",
                byDefault = "400",
                min = 1,
                max = 10000)
        int maxShells,

        @Key(value = "WebSockets open at once of one user.", byDefault = "20", min = 1, max = 10000)
        int maxSocketsPerUser,

        @Key(
                value = "How long a WebSocket may be idle, with no input and no output, before it is closed.",
                alias = "websocket_timeout",
                byDefault = "3600",
                unit = "s",
                min = 1,
                max = 604800)
        Duration idleTimeout,

        @Key(
                value = "How often a WebSocket is pinged; two pings without an answer end it.",
                name = "websocket_ping_interval",
                byDefault = "20",
                unit = "s",
                min = 1,
                max = 300)
        Duration pingInterval,

        @Key(
                value = "How long shells are kept, with all of their output, while nobody who may type is attached.",
                name = "reattach_seconds",
                byDefault = "120",
                unit = "s",
                min = 0,
                max = 86400)
        Duration reattach,

        @Key(
                value = "Output kept of each pane: what is not read yet, and as much scroll-back as there is room for.",
                name = "scrollback_bytes",
                byDefault = "262144",
                unit = "bytes",
                min = 196608,
                max = 67108864)
        int scrollback,

        @Key(value = "Whether the output of shells is recorded (asciicast v2). Input never is.", byDefault = "true")
        boolean recordings,

        @Key(
                value = "Where recordings are kept, each readable by LinkOps only.",
                byDefault = "/var/lib/linkops/recordings")
        Path recordingsDirectory,

        @Key(value = "How long recordings are kept.", byDefault = "90", unit = "d", min = 1, max = 36500)
        Duration recordingsKeepDays,

        @Key(
                value = "Most that recordings take together; the oldest go first.",
                byDefault = "10737418240",
                unit = "bytes",
                min = 1048576,
                max = 1099511627776000L)
        long recordingsMaxBytes,

        @Key(
                value = "Largest recording of one shell; what comes after is left out with a mark.",
                byDefault = "104857600",
                unit = "bytes",
                min = 65536,
                max = 107374182400L)
        long recordingMaxBytes) {}
