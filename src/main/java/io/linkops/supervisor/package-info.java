/** What stands above the process, systemd as a rule: tells it that LinkOps is ready, alive, or about to end. */
@LinkOpsModule(name = "supervisor")
@NullMarked
package io.linkops.supervisor;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
