package io.linkops.inventory;

/** A pattern of ids: {@code *} is any text, {@code ?} any one character, all else itself. Linear for a single star. */
record Glob(String pattern) {
    static boolean isGlob(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
    }

    boolean matches(String text) {
        int at = 0;
        int inPattern = 0;
        int star = -1;
        int retry = 0;
        while (at < text.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
                star = inPattern++;
                retry = at;
            } else if (inPattern < pattern.length() && fits(pattern.charAt(inPattern), text.charAt(at))) {
                inPattern++;
                at++;
            } else if (star >= 0) {
                inPattern = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        return pattern.substring(inPattern).chars().allMatch(c -> c == '*');
    }

    private static boolean fits(char pattern, char c) {
        return pattern == '?' || pattern == c;
    }
}
