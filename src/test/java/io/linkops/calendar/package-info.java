@NullMarked
package io.linkops.calendar;

import org.jspecify.annotations.NullMarked;
