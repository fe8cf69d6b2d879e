/**
 * SSH as plain blocking code: kept connections, proven host keys, one channel per execution, an end that is looked at.
 */
@LinkOpsModule(
        name = "ssh",
        uses = {"vault"})
@NullMarked
package io.linkops.ssh;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
