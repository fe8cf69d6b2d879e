package io.linkops.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.fleet.FaultyProxy.Mode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy does to connections what its mode says. */
class FaultyProxyTest {
    private ServerSocket server;
    private FaultyProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::greetAndEcho);
        proxy = FaultyProxy.start(server.getLocalPort());
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
        server.close();
    }

    @Test
    void passesBothWays() throws Exception {
        try (var client = connect()) {
            assertThat(read(client, 5)).isEqualTo("hello");
            client.getOutputStream().write("you".getBytes(StandardCharsets.UTF_8));
            assertThat(read(client, 3)).isEqualTo("you");
        }
    }

    @Test
    void cutsAfterSoManyBytesOfTheServer() throws Exception {
        proxy.cutAfter(3);
        try (var client = connect()) {
            assertThat(read(client, 5)).isEqualTo("hel");
        }
    }

    @Test
    void answersNothingAsABlackHoleAndGoesOnWhenItPassesAgain() throws Exception {
        proxy.mode(Mode.BLACK_HOLE);
        try (var client = connect()) {
            client.setSoTimeout(100);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            proxy.mode(Mode.PASS);
            client.setSoTimeout(10_000);
            assertThat(read(client, 5)).isEqualTo("hello");
        }
    }

    @Test
    void keepsTheBannerToItself() throws Exception {
        proxy.mode(Mode.BANNER_NEVER_SENT);
        try (var client = connect()) {
            client.setSoTimeout(100);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void tricklesByteByByte() throws Exception {
        proxy.mode(Mode.TRICKLE);
        try (var client = connect()) {
            assertThat(read(client, 1)).isEqualTo("h");
            assertThat(client.getInputStream().available()).isZero();
        }
    }

    @Test
    void refusesOnTheSamePortAndTakesConnectionsAgain() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (var open = connect()) {
                assertThat(read(open, 5)).isEqualTo("hello");
                proxy.mode(Mode.REFUSE);
                assertThat(open.getInputStream().read()).isEqualTo(-1);
            }
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            proxy.mode(Mode.PASS);
        }
        assertThat(proxy.accepted()).isEqualTo(20);
    }

    @Test
    void resetsOpenConnectionsAndNewOnes() throws Exception {
        try (var open = connect()) {
            assertThat(read(open, 5)).isEqualTo("hello");
            proxy.mode(Mode.RESET);
            assertThatThrownBy(() -> open.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(() -> {
                    try (var client = connect()) {
                        client.getInputStream().read();
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private static String read(Socket client, int bytes) throws IOException {
        return new String(client.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    }

    private void greetAndEcho() {
        try {
            while (true) {
                var client = server.accept();
                Thread.ofVirtual().start(() -> {
                    try (client) {
                        client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                        client.getInputStream().transferTo(client.getOutputStream());
                    } catch (IOException e) {
                        return; // the other side is gone
                    }
                });
            }
        } catch (IOException e) {
            return; // closed
        }
    }
}
