package io.linkops.imports;

/** What a link gets that the source says nothing of. */
public record Defaults(String type, String user) {}
