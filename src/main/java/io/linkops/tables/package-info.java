/**
 * What is in the store as tables to be asked with filters, an order and pages: reads other rooms' tables, writes none.
 */
@LinkOpsModule(
        name = "tables",
        uses = {"bus", "store", "vault"})
@NullMarked
package io.linkops.tables;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
