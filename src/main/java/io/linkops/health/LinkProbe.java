package io.linkops.health;

import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.RouteLook;

/** Looks at a link, blocking. */
@FunctionalInterface
interface LinkProbe {
    RouteLook look(Target target);
}
