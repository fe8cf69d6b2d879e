package io.linkops.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A network of IP addresses as people write it: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address. Digits only:
 * nothing is ever looked up.
 */
public final class IpNetwork {
    private static final Pattern V4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*:?[0-9a-fA-F.:]*");

    private final byte[] prefix;
    private final int bits;

    private IpNetwork(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    static boolean isValid(String text) {
        try {
            of(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** @throws IllegalArgumentException if it is none */
    public static IpNetwork of(String text) {
        int slash = text.indexOf('/');
        var address = bytes(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException(text + " is no network");
        }
        int longest = address.length * Byte.SIZE;
        var length = slash < 0 ? Integer.toString(longest) : text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > longest) {
            throw new IllegalArgumentException(text + " is no network");
        }
        return new IpNetwork(address, Integer.parseInt(length));
    }

    /** Whether this is an address of the network; what is no address in digits is not. */
    public boolean contains(String address) {
        var bytes = bytes(address);
        if (bytes == null || bytes.length != prefix.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((bytes[bit / Byte.SIZE] ^ prefix[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is an IP address in digits. */
    public static boolean isAddress(String text) {
        return bytes(text) != null;
    }

    private static byte @org.jspecify.annotations.Nullable [] bytes(String text) {
        var v4 = V4.matcher(text);
        if (!v4.matches()
                && (text.indexOf(':') < 0
                        || text.length() > 45
                        || !V6.matcher(text).matches())) {
            return null;
        }
        if (v4.matches()) {
            for (int i = 1; i <= 4; i++) {
                if (Integer.parseInt(v4.group(i)) > 255) {
                    return null;
                }
            }
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
