package io.linkops.world;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of this machine, which is all of a world's links. */
public final class ProcessTable {
    private ProcessTable() {}

    /** Living processes with this text in their command line, each as its id and that line. */
    public static List<String> having(String marker) throws IOException {
        List<String> found = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                var words = words(process);
                if (words.contains(marker)) {
                    found.add(process.getFileName() + ": " + words);
                }
            }
        }
        return found;
    }

    /** The resident memory of a process in MiB. */
    public static long residentMebibytes(long pid) throws IOException {
        var line = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
    }

    private static String words(Path process) {
        try {
            return new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return ""; // gone meanwhile
        }
    }
}
