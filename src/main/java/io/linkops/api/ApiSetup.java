package io.linkops.api;

import io.linkops.figures.FigureBook;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What the instances of one deployment share besides the configuration.
 *
 * @param figures of this room
 * @param webFolder where the browser's files are on the class path
 */
record ApiSetup(
        InstantSource clock,
        Supplier<String> requestIds,
        StreamSlots slots,
        StreamPace pace,
        TerminalSockets.Pace socketPace,
        String webFolder,
        FigureBook figures) {}
