package io.linkops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What processes and the machine have used so far, as Linux tells it. CPU comes in steps of 10 ms. */
final class ProcFs {
    private static final int MILLIS_PER_TICK = 10;

    private ProcFs() {}

    /** User and system time of a process; 0 when it is gone. */
    static long cpuMillis(long pid) {
        return ticks(pid, 2) * MILLIS_PER_TICK;
    }

    /** The same of a process, all that live below it and all that it has waited for. */
    static long treeCpuMillis(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants())
                        .mapToLong(process -> ticks(process.pid(), 4))
                        .sum()
                * MILLIS_PER_TICK;
    }

    /** The same of every process whose command line has this in it. */
    static long cpuMillisOf(String commandLine) {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).contains(commandLine))
                .mapToLong(process -> cpuMillis(process.pid()))
                .sum();
    }

    static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    /** utime, stime, cutime, cstime are the fields 14 to 17, counted behind the name, which may contain anything. */
    private static long ticks(long pid, int fields) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long sum = 0;
            for (int field = 11; field < 11 + fields; field++) {
                sum += Long.parseLong(words[field]);
            }
            return sum;
        } catch (IOException e) {
            return 0;
        }
    }

    /** What all cores together have worked. */
    static long busyMillis() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            String[] words = lines.findFirst().orElseThrow().split(" +", -1);
            // user, nice, system, then idle and iowait, then irq, softirq, steal
            return List.of(1, 2, 3, 6, 7, 8).stream()
                            .mapToLong(index -> Long.parseLong(words[index]))
                            .sum()
                    * MILLIS_PER_TICK;
        }
    }

    /** A number of /proc/PID/status, such as Threads, VmRSS or VmHWM (in KiB). */
    static long status(long pid, String key) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith(key + ":"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        }
    }

    static String loadAverage() throws IOException {
        return String.join(
                " ",
                List.of(Files.readString(Path.of("/proc/loadavg")).split(" ", -1))
                        .subList(0, 3));
    }

    /** The processor's name and the memory. */
    static String machine() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            var model = lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .orElse("unknown processor");
            try (var memory = Files.lines(Path.of("/proc/meminfo"))) {
                long kib = Long.parseLong(memory.findFirst().orElseThrow().replaceAll("[^0-9]", ""));
                return "%d cores of %s, %d GiB, Linux %s, JDK %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                model,
                                kib >> 20,
                                System.getProperty("os.version"),
                                Runtime.version());
            }
        }
    }
}
