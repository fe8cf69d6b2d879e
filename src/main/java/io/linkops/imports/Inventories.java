package io.linkops.imports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The kinds of inventory that can be imported; each reads a text and gives links. */
public enum Inventories {
    SSH_CONFIG {
        @Override
        void read(String text, @Nullable Path file, Draft draft) throws IOException {
            new SshConfig(draft, file).read(text);
        }
    },
    ANSIBLE {
        @Override
        void read(String text, @Nullable Path file, Draft draft) {
            new Ansible(draft).read(text, file);
        }
    },
    CSV {
        @Override
        void read(String text, @Nullable Path file, Draft draft) throws IOException {
            new Csv(draft).read(text);
        }
    };

    abstract void read(String text, @Nullable Path file, Draft draft) throws IOException;

    /**
     * Reads an inventory of this kind.
     *
     * @param file where the text comes from, for files it names; null for standard input
     * @param ids for client ids of links that have none
     * @throws IllegalArgumentException if it is not one, with a sentence for people
     */
    public Imported read(String text, @Nullable Path file, Defaults defaults, Supplier<UUID> ids) throws IOException {
        var draft = new Draft(defaults, ids);
        read(text.startsWith("\uFEFF") ? text.substring(1) : text, file, draft);
        return draft.finish();
    }
}
