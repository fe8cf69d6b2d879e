package io.linkops.notifications;

import io.linkops.config.MailTls;
import io.linkops.config.NotificationsConfig;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;
import java.util.concurrent.TimeUnit;

/** A mail in plain text. Subject and headers are made of cleaned text only: nothing foreign can begin a header. */
final class MailSender implements Sender {
    private static final int LONGEST_SUBJECT = 150;
    private static final int MOST_CONNECTIONS = 4;

    private final MailClient client;
    private final NotificationsConfig config;

    /** @param config with a mail server in it */
    MailSender(Vertx vertx, NotificationsConfig config, TrustOptions trust) {
        this.config = config;
        this.client = MailClient.create(vertx, options(config, trust));
    }

    private static MailConfig options(NotificationsConfig config, TrustOptions trust) {
        var tls = config.smtpTls();
        var password = config.smtpPassword();
        var options = new MailConfig()
                .setHostname(config.smtpHost())
                .setPort(config.smtpPort())
                .setStarttls(tls == MailTls.STARTTLS ? StartTLSOptions.REQUIRED : StartTLSOptions.DISABLED)
                .setSsl(tls == MailTls.TLS)
                .setMaxPoolSize(MOST_CONNECTIONS)
                .setKeepAlive(false)
                .setLogin(config.smtpUser() == null ? LoginOption.DISABLED : LoginOption.REQUIRED)
                .setUsername(config.smtpUser())
                .setPassword(password == null ? null : password.reveal());
        options.setTrustOptions(trust);
        options.setHostnameVerificationAlgorithm("HTTPS");
        options.setConnectTimeout((int) config.connectTimeout().toMillis());
        options.setIdleTimeout((int) config.answerTimeout().toSeconds());
        return options;
    }

    @Override
    public Future<Attempt> send(StoredChannel channel, String id, String body) {
        var patience = config.connectTimeout().plus(config.answerTimeout().multipliedBy(2));
        return client.sendMail(message(channel, id, new JsonObject(body)))
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .map(_ -> Attempt.delivered(null))
                .otherwise(MailSender::failed);
    }

    private MailMessage message(StoredChannel channel, String id, JsonObject body) {
        var text = Wording.clean(body.getString("text"));
        var event = Wording.clean(body.getString("event"));
        var link = body.getString("url") == null ? "" : body.getString("url") + "\r\n\r\n";
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("X-LinkOps-Event", event)
                .add("X-LinkOps-Delivery", id)
                .add("Message-ID", "<" + id + "@linkops>")
                .add("Auto-Submitted", "auto-generated");
        return new MailMessage()
                .setFrom(config.mailFrom())
                .setTo(channel.channel().to())
                .setSubject(subject(text))
                .setText(text + "\r\n\r\n" + link + "Event " + event + " at " + body.getString("at") + "\r\nDelivery "
                        + id + "\r\n")
                .setHeaders(headers);
    }

    private static String subject(String text) {
        var shorter = text.length() <= LONGEST_SUBJECT ? text : text.substring(0, LONGEST_SUBJECT - 1) + "…";
        return "[LinkOps] " + shorter;
    }

    /** 5xx is the server's last word (RFC 5321, 4.2.1), all else may be otherwise later. */
    private static Attempt failed(Throwable cause) {
        var error = "The mail server did not take it: " + Wording.clean(String.valueOf(cause.getMessage()));
        return cause instanceof SMTPException answer && answer.isPermanent()
                ? Attempt.refused(error)
                : Attempt.later(error);
    }

    Future<Void> close() {
        return client.close();
    }
}
