/** People before a real browser. */
@NullMarked
package io.linkops.browser;

import org.jspecify.annotations.NullMarked;
