package io.linkops.api;

import io.linkops.bus.Bus;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** What every event stream of one verticle instance needs. */
record Streams(
        Vertx vertx,
        Bus bus,
        Bells bells,
        OpenDoors doors,
        Authentication authentication,
        InstantSource clock,
        StreamSlots slots,
        StreamPace pace,
        Stopping stopping) {}
