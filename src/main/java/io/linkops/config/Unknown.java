package io.linkops.config;

/** Words for names that are not in the configuration, with what was probably meant. Values are never shown. */
final class Unknown {
    private Unknown() {}

    static String section(String place, String written) {
        return place + ": " + Shown.name(written) + " is not a section"
                + Spelling.nearest(written, Section.names())
                        .map(Unknown::didYouMean)
                        .orElse(".")
                + " The sections are " + String.join(", ", Section.names()) + ".";
    }

    static String key(String place, Section section, String written) {
        return place + ": " + section.name() + "." + Shown.name(written) + " is not a key"
                + meant(section, written)
                + " The keys of " + section.name() + " are " + String.join(", ", section.keyNames()) + ".";
    }

    private static String meant(Section section, String written) {
        return Spelling.nearest(written, section.keyNames())
                .map(key -> section.name() + "." + key)
                .or(() -> Section.ALL.stream()
                        .filter(other -> other.key(written).isPresent())
                        .map(other -> other.name() + "." + written)
                        .findFirst())
                .map(Unknown::didYouMean)
                .orElse(".");
    }

    private static String didYouMean(String name) {
        return "; did you mean " + name + "?";
    }
}
