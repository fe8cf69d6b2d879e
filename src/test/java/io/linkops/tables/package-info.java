@NullMarked
package io.linkops.tables;

import org.jspecify.annotations.NullMarked;
