package io.linkops.bench;

import java.util.List;

/** What the contenders did; without ClusterShell its figures are those of xargs. First bytes in ms. */
record Rivals(
        Pass cold,
        Pass coldClush,
        Pass warm,
        Pass warmClush,
        Pass output,
        List<Double> firstCold,
        List<Double> firstWarm) {}
