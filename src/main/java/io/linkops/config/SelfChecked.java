package io.linkops.config;

import java.util.List;

/** A section that knows rules beyond the type and range of each key. */
interface SelfChecked {

    /** Every rule its values break; empty if they are fine. */
    List<Violation> violations();
}
