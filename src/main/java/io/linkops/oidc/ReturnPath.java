package io.linkops.oidc;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a log-in leads: a page of LinkOps and nowhere else, however a browser may read the path. */
final class ReturnPath {
    static final String FIRST_PAGE = "/";

    private static final int LONGEST = 1_000;

    /** One slash, then no second one, no backslash (browsers take it for one) and nothing a browser drops. */
    private static final Pattern LOCAL = Pattern.compile("/(?![/\\\\])[\\x21-\\x7e&&[^\\\\]]*");

    private static final Pattern API = Pattern.compile("/api(/.*)?", Pattern.CASE_INSENSITIVE);

    private ReturnPath() {}

    static String of(@Nullable String wanted) {
        if (wanted == null
                || wanted.length() > LONGEST
                || !LOCAL.matcher(wanted).matches()) {
            return FIRST_PAGE;
        }
        var path = wanted.split("[?#]", 2)[0];
        return path.contains("//") || path.contains("/.") || API.matcher(path).matches() ? FIRST_PAGE : wanted;
    }
}
