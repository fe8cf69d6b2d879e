package io.linkops.client;

import org.jspecify.annotations.Nullable;

/** A path with the criteria that were given. */
final class ListQuery {
    private final StringBuilder path;
    private boolean hasAny;

    ListQuery(String path) {
        this.path = new StringBuilder(path);
    }

    ListQuery with(String name, @Nullable Object value) {
        if (value != null) {
            path.append(hasAny ? '&' : '?').append(name).append('=').append(LinkOpsServer.part(value.toString()));
            hasAny = true;
        }
        return this;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
