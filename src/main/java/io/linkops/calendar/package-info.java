/** Points in time that people describe: cron expressions in a time zone. */
@LinkOpsModule(
        name = "calendar",
        uses = {})
@NullMarked
package io.linkops.calendar;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
