package io.linkops.orchestrator;

/** There is no way to a link any more: it was retired, or one of its jump hosts was. */
final class LinkGoneException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param text for people */
    LinkGoneException(String text) {
        super(text);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
