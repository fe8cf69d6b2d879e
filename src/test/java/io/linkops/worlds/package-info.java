/** Generated worlds for property tests: links, scripts, and the files that describe them. */
package io.linkops.worlds;
