package io.linkops.notifications;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;

/**
 * Decides which addresses a webhook may connect to. Never those of the link itself, where clouds keep their metadata
 * services, nor those that name no single machine. Pure.
 *
 * @param isPrivateAllowed loopback and private networks, too
 */
record AddressPolicy(boolean isPrivateAllowed) {
    /** Metadata services outside of the link-local networks: AWS by IPv6, Alibaba, Azure, Oracle. */
    private static final Set<String> METADATA =
            Set.of("fd00:ec2:0:0:0:0:0:254", "100.100.100.200", "168.63.129.16", "192.0.0.192");

    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b};

    boolean admits(InetAddress address) {
        var plain = plain(address);
        if (plain.isLinkLocalAddress()
                || plain.isMulticastAddress()
                || plain.isAnyLocalAddress()
                || METADATA.contains(plain.getHostAddress())
                || isReserved(plain)) {
            return false;
        }
        return isPrivateAllowed || !isPrivate(plain);
    }

    /** 0.0.0.0/8 is this machine to some kernels, 240.0.0.0/4 nobody, 255.255.255.255 everybody. */
    private static boolean isReserved(InetAddress address) {
        var first = address.getAddress()[0] & 0xff;
        return address instanceof Inet4Address && (first == 0 || first >= 240);
    }

    private static boolean isPrivate(InetAddress address) {
        var bytes = address.getAddress();
        var isUniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        var isCarriers = bytes.length == 4 && (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64;
        return address.isLoopbackAddress() || address.isSiteLocalAddress() || isUniqueLocal || isCarriers;
    }

    /** The IPv4 address within an IPv6 one, where that is what will be spoken to: 64:ff9b::/96, 2002::/16, ::/96. */
    private static InetAddress plain(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length != 16) {
            return address;
        }
        if ((bytes[0] & 0xff) == 0x20 && bytes[1] == 2) {
            return v4(bytes, 2);
        }
        var isCompatible = isZero(bytes, 0, 12) && !isZero(bytes, 12, 15);
        var isTranslated = Arrays.equals(bytes, 0, 4, NAT64, 0, 4) && isZero(bytes, 4, 12);
        return isCompatible || isTranslated ? v4(bytes, 12) : address;
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress v4(byte[] bytes, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
