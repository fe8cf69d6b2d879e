package io.linkops.api;

import io.linkops.config.SettingShown;
import io.linkops.figures.FigureBook;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the instances of one deployment share besides the configuration.
 *
 * @param figures of this room
 * @param settings all there are, as admins may see them
 * @param webFolder where the browser's files are on the class path
 */
record ApiSetup(
        InstantSource clock,
        Supplier<String> requestIds,
        StreamSlots slots,
        StreamPace pace,
        TerminalSockets.Pace socketPace,
        String webFolder,
        FigureBook figures,
        List<SettingShown> settings) {

    ApiSetup {
        settings = List.copyOf(settings);
    }
}
