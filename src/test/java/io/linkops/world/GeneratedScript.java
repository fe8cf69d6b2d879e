package io.linkops.world;

import io.linkops.bus.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A bash script of which is known what it prints and how it ends, on each link.
 *
 * @param endings by the number of the link
 */
record GeneratedScript(List<Ending> endings) {

    /** Bytes on one of the two streams. */
    record Piece(Bytes bytes, boolean isError) {
        /** Every byte as an octal escape: no quoting to get wrong. */
        String line() {
            var text = new StringBuilder("printf '");
            for (byte each : bytes.toArray()) {
                text.append("\\").append("%03o".formatted(each & 0xff));
            }
            return text + "'" + (isError ? " >&2" : "");
        }
    }

    /**
     * What it does on one link.
     *
     * @param signal it sends itself instead of exiting; null for none
     * @param millis it takes besides
     */
    record Ending(List<Piece> said, int code, String signal, int millis) {
        String status() {
            return code == 0 && signal == null ? "success" : "failed";
        }

        /** As a shell tells it: 128 and the number of the signal. */
        int exitCode() {
            return switch (signal) {
                case null -> code;
                case "HUP" -> 129;
                case "KILL" -> 137;
                default -> 143;
            };
        }

        byte[] output(String stream) {
            var bytes = new ByteArrayOutputStream();
            said.stream()
                    .filter(piece -> piece.isError() == stream.equals("stderr"))
                    .forEach(piece -> bytes.writeBytes(piece.bytes().toArray()));
            return bytes.toByteArray();
        }
    }

    /** Each script notes in this file when it began and when it ended. */
    static Path spans(Path directory, String operation) {
        return directory.resolve("spans-" + operation);
    }

    String[] lines(List<String> links, Path directory) {
        List<String> lines = new ArrayList<>();
        lines.add("#!/usr/bin/env bash");
        lines.add("spans=" + spans(directory, "$LINKOPS_OPERATION"));
        lines.add("echo \"$EPOCHREALTIME +1\" >> \"$spans\"");
        lines.add("case $LINKOPS_LINK in");
        for (int link = 0; link < endings.size(); link++) {
            var ending = endings.get(link);
            lines.add(links.get(link) + ")");
            ending.said().forEach(piece -> lines.add("  " + piece.line()));
            lines.add(ending.millis() > 0 ? "  sleep 0.%03d".formatted(ending.millis()) : "  :");
            lines.add("  echo \"$EPOCHREALTIME -1\" >> \"$spans\"");
            lines.add(ending.signal() == null ? "  exit " + ending.code() : "  kill -" + ending.signal() + " $$");
            lines.add("  ;;");
        }
        lines.add("esac");
        return lines.toArray(String[]::new);
    }
}
