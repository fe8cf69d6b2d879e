@NullMarked
package io.linkops.schedules;

import org.jspecify.annotations.NullMarked;
