/**
 * Measures LinkOps as a whole against what one would use without it; {@code docs/PERFORMANCE.md} says how to run it.
 */
package io.linkops.bench;
