package io.linkops.gitsync;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;

/** Lets YAML events pass until one goes beyond a limit, and then names its line. */
final class GuardedParser implements Parser {
    /** Levels of mappings and lists within each other. */
    static final int MAX_DEPTH = 20;

    /** Aliases ({@code *name}) in one file. */
    static final int MAX_ALIASES = 1000;

    private static final Set<String> PLAIN_TAGS = Set.of(
            "!",
            "tag:yaml.org,2002:str",
            "tag:yaml.org,2002:int",
            "tag:yaml.org,2002:float",
            "tag:yaml.org,2002:bool",
            "tag:yaml.org,2002:null",
            "tag:yaml.org,2002:map",
            "tag:yaml.org,2002:seq");

    private final Parser parser;
    private int depth;
    private int aliases;

    GuardedParser(Parser parser) {
        this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public Event getEvent() {
        var event = parser.getEvent();
        switch (event) {
            case AliasEvent alias -> {
                if (++aliases > MAX_ALIASES) {
                    throw new Refused("more than " + MAX_ALIASES + " aliases (*name) are not allowed", alias);
                }
            }
            case CollectionStartEvent start -> {
                if (++depth > MAX_DEPTH) {
                    throw new Refused("nesting deeper than " + MAX_DEPTH + " levels is not allowed", start);
                }
                refuseTag(start.getTag(), start);
            }
            case CollectionEndEvent _ -> depth--;
            case ScalarEvent scalar -> refuseTag(scalar.getTag(), scalar);
            default -> {}
        }
        return event;
    }

    private static void refuseTag(@Nullable String tag, Event event) {
        if (tag != null && !PLAIN_TAGS.contains(tag)) {
            throw new Refused(
                    "the tag " + tag + " is not allowed; only plain text, numbers, lists and mappings are", event);
        }
    }

    private static final class Refused extends MarkedYAMLException {
        private static final long serialVersionUID = 1L;

        Refused(String problem, Event event) {
            this(problem, event.getStartMark());
        }

        private Refused(String problem, Mark mark) {
            super(null, null, problem, mark, null, null);
        }
    }
}
