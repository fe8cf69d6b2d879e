/** A fleet for tests: a real OpenSSH server that answers on as many loopback addresses as a test wants links. */
@NullMarked
package io.linkops.fleet;

import org.jspecify.annotations.NullMarked;
