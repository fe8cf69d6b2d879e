package io.linkops.figures;

import io.linkops.bus.Contract;
import io.linkops.bus.Reply;

/** How rooms show their figures: each answers a {@code FindFigures} of its own contract with a page of its book. */
@Contract
public interface Figures {

    /** @param text as Prometheus reads it (text format 0.0.4) */
    record Page(String text) implements Reply {}
}
