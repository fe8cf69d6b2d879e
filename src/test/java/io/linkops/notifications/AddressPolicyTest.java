package io.linkops.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "fe80::1",
                "febf::1",
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::169.254.169.254",
                "2002:a9fe:a9fe::1",
                "fd00:ec2::254",
                "100.100.100.200",
                "168.63.129.16",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "224.0.0.1",
                "ff02::1",
                "255.255.255.255",
                "240.0.0.1"
            })
    void isNeverAdmitted(String address) throws Exception {
        assertThat(new AddressPolicy(true).admits(InetAddress.getByName(address)))
                .isFalse();
        assertThat(new AddressPolicy(false).admits(InetAddress.getByName(address)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "::1",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "fd12::1",
                "fc00::1",
                "100.64.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::10.0.0.1"
            })
    void isAdmittedWherePrivateAddressesAre(String address) throws Exception {
        assertThat(new AddressPolicy(true).admits(InetAddress.getByName(address)))
                .isTrue();
        assertThat(new AddressPolicy(false).admits(InetAddress.getByName(address)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"93.184.216.34", "169.253.255.255", "169.255.0.1", "100.63.0.1", "100.128.0.1", "2a00::1"})
    void isAdmittedAnyway(String address) throws Exception {
        assertThat(new AddressPolicy(false).admits(InetAddress.getByName(address)))
                .isTrue();
    }
}
