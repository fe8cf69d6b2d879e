package io.linkops.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.linkops.notifications.Notifications.ChannelKind;
import io.linkops.notifications.Notifications.CreateChannel;
import io.linkops.notifications.Notifications.DeliveryStatus;
import io.linkops.notifications.Notifications.TestChannel;
import io.linkops.notifications.Notifications.Topic;
import io.linkops.notifications.Notifications.Wish;
import io.linkops.orchestrator.Operations.Status;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail, over a real SMTP server that keeps what it is given. */
class MailIT {
    @TempDir
    Path directory;

    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private NotifyWorld world;

    @BeforeEach
    void create() throws Exception {
        server.start();
        world = new NotifyWorld(directory);
        world.settings.put("smtp_host", "127.0.0.1");
        world.settings.put("smtp_port", server.getSmtp().getPort());
        world.settings.put("smtp_tls", "none");
        world.settings.put("mail_from", "linkops@fleet.example");
    }

    @AfterEach
    void close() throws Exception {
        world.close();
        server.stop();
    }

    private String channel() throws Exception {
        var wish = new Wish(
                "Mail",
                ChannelKind.MAIL,
                null,
                null,
                List.of("ops@example.com", "boss@example.com"),
                List.of(Topic.OPERATION_FINISHED),
                List.of(),
                List.of(),
                true);
        return world.kernel.ask(new CreateChannel(wish, "alice")).channel().id();
    }

    @Test
    void aMailArrivesWithTheRightHeadersAndNothingForeignInThem() throws Exception {
        world.start();
        channel();
        // Its reason has a line break in it, as an attacker would have it.
        world.operation("op-1", Status.FAILED);
        NotifyWorld.until("two mails", () -> server.getReceivedMessages().length == 2);
        NotifyWorld.until("delivered", () -> delivered().size() == 1);
        var mail = server.getReceivedMessages()[0];
        assertThat(mail.getSubject())
                .isEqualTo("[LinkOps] Operation update (op-1) on 1 link ended: failed: update failed on vm-1");
        assertThat(mail.getFrom()[0].toString()).isEqualTo("linkops@fleet.example");
        assertThat(mail.getAllRecipients()).hasSize(2);
        assertThat(mail.getHeader("X-LinkOps-Event")).containsExactly("operation.failed");
        assertThat(mail.getHeader("X-LinkOps-Delivery"))
                .containsExactly(delivered().getFirst().id());
        assertThat(mail.getHeader("Message-ID"))
                .containsExactly("<" + delivered().getFirst().id() + "@linkops>");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getContent().toString())
                .contains("update failed on vm-1", "https://linkops.example/operations/op-1", "2030-01-01T12:01:00Z");
    }

    private List<Notifications.Delivery> delivered() {
        try {
            return world.deliveries(DeliveryStatus.DELIVERED);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aServerThatIsAwayIsTriedAgain() throws Exception {
        world.start();
        channel();
        server.stop();
        world.operation("op-1", Status.FAILED);
        NotifyWorld.until("a failed try", () -> {
            try {
                return world.deliveries(DeliveryStatus.WAITING).stream().anyMatch(each -> each.attempts() > 0);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        var again = new GreenMail(
                new ServerSetup((Integer) world.settings.get("smtp_port"), "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        again.start();
        try {
            NotifyWorld.until("delivered", () -> delivered().size() == 1);
            assertThat(again.getReceivedMessages()).hasSize(2);
        } finally {
            again.stop();
        }
    }

    @Test
    void withoutTlsNothingIsSentWhereTlsIsAskedFor() throws Exception {
        world.settings.put("smtp_tls", "starttls");
        world.settings.put("smtp_user", "linkops");
        world.settings.put("smtp_password", "the-password-of-linkops");
        world.start();
        var tested = world.kernel.ask(new TestChannel(channel()));
        assertThat(tested.isDelivered()).isFalse();
        assertThat(tested.error()).startsWith("The mail server did not take it").doesNotContain("the-password");
        assertThat(server.getReceivedMessages()).isEmpty();
    }
}
