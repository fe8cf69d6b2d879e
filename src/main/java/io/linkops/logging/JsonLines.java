package io.linkops.logging;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Logback's JSON encoder, with the time as people read it and without what nobody needs. */
final class JsonLines extends JsonEncoder {
    JsonLines() {
        setWithTimestamp(false);
        setWithSequenceNumber(false);
        setWithNanoseconds(false);
        setWithContext(false);
        setWithArguments(false);
    }

    @Override
    protected void appendCustomFields(StringBuilder line, ILoggingEvent event) {
        line.append(",\"time\":\"").append(event.getInstant()).append('"');
    }
}
