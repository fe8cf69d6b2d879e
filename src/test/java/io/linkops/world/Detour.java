package io.linkops.world;

import io.linkops.fleet.FaultyProxy;
import java.util.regex.Pattern;

/** Sends the way to a link through a proxy: another host and port in links.yaml. */
public final class Detour {
    private Detour() {}

    public static String through(String linksYaml, String link, FaultyProxy proxy) {
        return field(field(linksYaml, link, "host", "127.0.0.1"), link, "port", String.valueOf(proxy.port()));
    }

    /** The same with another value of one field of one link. */
    public static String field(String linksYaml, String link, String field, String value) {
        var pattern = Pattern.compile("(?s)(\\n  " + Pattern.quote(link) + ":\\n.*?\\n +" + field + ": )[^\\n]*");
        var matcher = pattern.matcher("\n" + linksYaml);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + field + " of " + link);
        }
        return matcher.replaceFirst(found -> java.util.regex.Matcher.quoteReplacement(found.group(1) + value))
                .substring(1);
    }
}
