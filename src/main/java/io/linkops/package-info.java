/** The command line, and the visible list of everything that runs. */
@NullMarked
package io.linkops;

import org.jspecify.annotations.NullMarked;
