package io.linkops.inventory;

import java.util.Locale;

/**
 * Whether one word may be a misspelling of another: at most two letters added, dropped or changed, whatever the case.
 */
final class Likeness {
    private static final int MAX_EDITS = 2;

    private Likeness() {}

    static boolean isSimilar(String word, String meant) {
        var a = word.toLowerCase(Locale.ROOT);
        var b = meant.toLowerCase(Locale.ROOT);
        return Math.abs(a.length() - b.length()) <= MAX_EDITS
                && a.charAt(0) == b.charAt(0)
                && edits(a, b) <= Math.min(MAX_EDITS, b.length() / 3);
    }

    /** Levenshtein's distance. */
    private static int edits(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
