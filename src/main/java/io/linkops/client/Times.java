package io.linkops.client;

import java.util.regex.Pattern;

/** Lengths of time as people write them. */
final class Times {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,7})(s|m|h|)");

    private Times() {}

    /** @throws IllegalArgumentException with a sentence that names the option */
    static int seconds(String option, String text) {
        var time = TIME.matcher(text);
        if (!time.matches()) {
            throw new IllegalArgumentException(option + " is '" + text + "', expected a time such as 90s, 10m or 2h.");
        }
        int number = Integer.parseInt(time.group(1));
        return switch (time.group(2)) {
            case "m" -> Math.multiplyExact(number, 60);
            case "h" -> (int) Math.min(Integer.MAX_VALUE, number * 3600L);
            default -> number;
        };
    }
}
