package io.linkops.ssh;

import com.hierynomus.sshj.key.KeyAlgorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.LoggerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * What is negotiated: quick and sound algorithms first, broken ones (SHA-1, CBC, arcfour, DSA) not at all.
 *
 * <p>One configuration serves all connections; sshj's loggers are silent, since whatever it reports also arrives as an
 * exception that names the link.
 */
final class Algorithms {
    private static final List<String> KEY_EXCHANGES = List.of(
            "curve25519-sha256",
            "curve25519-sha256@libssh.org",
            "ecdh-sha2-nistp256",
            "ecdh-sha2-nistp384",
            "ecdh-sha2-nistp521",
            "diffie-hellman-group-exchange-sha256",
            "diffie-hellman-group14-sha256",
            "diffie-hellman-group16-sha512",
            "diffie-hellman-group18-sha512",
            "ext-info-c");
    private static final List<String> CIPHERS = List.of(
            "aes128-gcm@openssh.com",
            "aes256-gcm@openssh.com",
            "chacha20-poly1305@openssh.com",
            "aes128-ctr",
            "aes192-ctr",
            "aes256-ctr");
    private static final List<String> MACS =
            List.of("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512");

    /** The kinds of host keys, each with the names it is negotiated by, in the order they are asked for. */
    static final List<List<String>> HOST_KEY_FAMILIES = List.of(
            List.of("ssh-ed25519"),
            List.of("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
            List.of("rsa-sha2-512", "rsa-sha2-256"));

    private Algorithms() {}

    static Config config() {
        var config = new DefaultConfig();
        config.setLoggerFactory(new Silence());
        config.setKeyExchangeFactories(only(config.getKeyExchangeFactories(), KEY_EXCHANGES));
        config.setCipherFactories(only(config.getCipherFactories(), CIPHERS));
        config.setMACFactories(only(config.getMACFactories(), MACS));
        List<Factory.Named<KeyAlgorithm>> keys = only(
                config.getKeyAlgorithms(),
                HOST_KEY_FAMILIES.stream().flatMap(List::stream).toList());
        config.setKeyAlgorithms(keys);
        return config;
    }

    /** The names a host key of this type (as known_hosts has it) is negotiated by. */
    static List<String> negotiatedFor(Set<String> keyTypes) {
        List<String> names = new ArrayList<>();
        for (String type : keyTypes) {
            names.addAll(type.equals("ssh-rsa") ? HOST_KEY_FAMILIES.get(2) : List.of(type));
        }
        return names;
    }

    private static <T> List<Factory.Named<T>> only(List<Factory.Named<T>> offered, List<String> names) {
        List<Factory.Named<T>> chosen = new ArrayList<>();
        for (String name : names) {
            offered.stream()
                    .filter(factory -> factory.getName().equals(name))
                    .findFirst()
                    .ifPresent(chosen::add);
        }
        return chosen;
    }

    private static final class Silence implements LoggerFactory {
        @Override
        public Logger getLogger(String name) {
            return NOPLogger.NOP_LOGGER;
        }

        @Override
        public Logger getLogger(Class<?> type) {
            return NOPLogger.NOP_LOGGER;
        }
    }
}
