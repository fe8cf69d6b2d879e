package io.linkops.accounts;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a user may be called, and which user is meant by what somebody typed. */
final class UserName {
    static final String RULE =
            "must be 1 to 64 of a-z, 0-9, dot, dash and underscore, and must start with a letter or a digit";

    private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final int LONGEST_TYPED = 256;

    private UserName() {}

    static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    /**
     * The name under which attempts are counted: NFKC, stripped, lower case. What can't be a user's name becomes a
     * digest: it stays bounded, is never a user, and a password typed into the wrong field is not kept.
     */
    static String meant(String typed) {
        if (typed.length() <= LONGEST_TYPED) {
            var name = Normalizer.normalize(typed, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT);
            if (isValid(name)) {
                return name;
            }
        }
        return "?" + Digest.hex(typed).substring(0, 16);
    }
}
