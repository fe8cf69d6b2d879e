/**
 * HTTP, SSE and the browser's files; no SQL and no SSH in here.
 *
 * <p>The way of a request: {@link io.linkops.api.ApiVerticle} → FrontDoor (request id, access log, security headers) →
 * ApiRouter (origin, body limit, authentication, role) → {@code <Noun>Routes} → a record on the bus →
 * {@code <Noun>Json} → Answer; whatever fails on the way ends in ErrorHandler.
 */
@LinkOpsModule(
        name = "api",
        uses = {
            "bus",
            "config",
            "figures",
            "journal",
            "accounts",
            "audit",
            "inventory",
            "gitsync",
            "health",
            "notifications",
            "oidc",
            "orchestrator",
            "retention",
            "schedules",
            "secrets",
            "tables",
            "terminal",
            "vault"
        })
@NullMarked
package io.linkops.api;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
