package io.linkops.bench;

import io.linkops.bench.SoakSample.Figure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Looks at LinkOps from outside: at its process, its files and its connections. */
final class SoakProbe {
    private static final Pattern USED = Pattern.compile("(?s)used (\\d+)K.*?young \\((\\d+)K\\)");
    private static final double KIB_PER_MB = 1024;
    private static final double BYTES_PER_MB = 1 << 20;
    /** As /proc/net/tcp writes ESTABLISHED. */
    private static final String ESTABLISHED = "01";

    private final long pid;
    private final Path database;
    private final int sshdPort;

    SoakProbe(long pid, Path database, int sshdPort) {
        this.pid = pid;
        this.database = database;
        this.sshdPort = sshdPort;
    }

    /** @param collects whether garbage is collected first, so that the heap can be told */
    SoakSample look(double minutes, long operations, long errors, boolean collects) throws Exception {
        Map<Figure, Double> found = new EnumMap<>(Figure.class);
        found.put(Figure.OPERATIONS, (double) operations);
        found.put(Figure.ERRORS, (double) errors);
        if (collects) {
            found.put(Figure.HEAP, heapAfterCollection());
        }
        found.put(Figure.THREADS, (double) ProcFs.status(pid, "Threads"));
        found.put(Figure.RESIDENT, ProcFs.status(pid, "VmRSS") / KIB_PER_MB);
        var handles = handles();
        var sockets =
                handles.stream().filter(each -> each.startsWith("socket:")).toList();
        found.put(Figure.HANDLES, (double) handles.size());
        found.put(Figure.SOCKETS, (double) sockets.size());
        found.put(Figure.CONNECTIONS, (double) connections(sockets));
        found.put(Figure.DATABASE, megabytes(""));
        found.put(Figure.WAL, megabytes("-wal"));
        found.put(Figure.CHILDREN, (double) children());
        found.put(Figure.CPU, ProcFs.cpuMillis(pid) / 1e3);
        return new SoakSample(minutes, found);
    }

    /** Without what was allocated since: that is young, and a full collection leaves nothing young. */
    private double heapAfterCollection() throws Exception {
        jcmd("GC.run");
        var info = jcmd("GC.heap_info");
        var matcher = USED.matcher(info);
        if (!matcher.find()) {
            throw new IOException("no used heap in " + info);
        }
        return (Long.parseLong(matcher.group(1)) - Long.parseLong(matcher.group(2))) / KIB_PER_MB;
    }

    private String jcmd(String command) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(pid),
                        command)
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("jcmd " + command + ": " + output);
        }
        return output;
    }

    private List<String> handles() throws IOException {
        List<String> found = new ArrayList<>();
        try (var links = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (var link : links) {
                try {
                    found.add(Files.readSymbolicLink(link).toString());
                } catch (IOException e) {
                    // closed meanwhile
                }
            }
        }
        return found;
    }

    /** LinkOps' own: established, to the port of sshd. */
    private long connections(List<String> sockets) throws IOException {
        var port = ":" + HexFormat.of().withUpperCase().toHexDigits((short) sshdPort);
        long count = 0;
        for (var table : List.of("tcp", "tcp6")) {
            for (var line : Files.readAllLines(Path.of("/proc/net/" + table))) {
                String[] words = line.strip().split(" +", -1);
                if (words[2].endsWith(port)
                        && words[3].equals(ESTABLISHED)
                        && sockets.contains("socket:[" + words[9] + "]")) {
                    count++;
                }
            }
        }
        return count;
    }

    private long children() {
        return ProcessHandle.of(pid)
                .map(process -> process.descendants().count())
                .orElse(0L);
    }

    private double megabytes(String suffix) throws IOException {
        var file = Path.of(database + suffix);
        return Files.exists(file) ? Files.size(file) / BYTES_PER_MB : 0;
    }
}
