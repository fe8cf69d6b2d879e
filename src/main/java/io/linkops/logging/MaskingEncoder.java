package io.linkops.logging;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import io.linkops.config.LoggingConfig.Format;
import io.linkops.vault.Masking;
import java.util.function.UnaryOperator;

/** Writes each event as text or as a line of JSON, after every secret was taken out of all of its parts. */
final class MaskingEncoder extends EncoderBase<ILoggingEvent> {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] %logger{30} - "
            + "%replace(%msg %kvp %mdc){' +$', ''}%n%ex{full}";

    private final Format format;
    private final UnaryOperator<String> clean;
    private Encoder<ILoggingEvent> encoder;

    MaskingEncoder(Format format, Masking masking) {
        this.format = format;
        this.clean = format == Format.TEXT ? text -> TextLines.oneRecord(masking.mask(text)) : masking::mask;
        this.encoder = new JsonLines();
    }

    @Override
    public void start() {
        if (format == Format.TEXT) {
            var text = new PatternLayoutEncoder();
            text.setPattern(PATTERN);
            encoder = text;
        }
        encoder.setContext(getContext());
        encoder.start();
        super.start();
    }

    @Override
    public byte[] headerBytes() {
        return encoder.headerBytes();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return encoder.encode(new MaskedEvent(event, clean));
    }

    @Override
    public byte[] footerBytes() {
        return encoder.footerBytes();
    }
}
