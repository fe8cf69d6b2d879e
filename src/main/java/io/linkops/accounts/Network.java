package io.linkops.accounts;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Which addresses count as one: of IPv6, whoever has one has a whole /64. */
final class Network {
    private static final int PREFIX_BYTES = 8;
    private static final int LONGEST = 64;

    private Network() {}

    /** @param address in digits; what is none counts as itself */
    static String of(String address) {
        var zoneless = address.replaceFirst("%.*", "");
        if (zoneless.indexOf(':') < 0 || !zoneless.matches("[0-9a-fA-F:.]+")) {
            return address.substring(0, Math.min(address.length(), LONGEST));
        }
        try {
            var bytes = InetAddress.getByName(zoneless).getAddress();
            return bytes.length == 4 ? dotted(bytes) : prefix(bytes);
        } catch (UnknownHostException e) {
            return address.substring(0, Math.min(address.length(), LONGEST));
        }
    }

    private static String dotted(byte[] bytes) {
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }

    private static String prefix(byte[] bytes) {
        var text = new StringBuilder();
        for (int i = 0; i < PREFIX_BYTES; i += 2) {
            text.append(Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)))
                    .append(':');
        }
        return text.append(":/64").toString();
    }
}
