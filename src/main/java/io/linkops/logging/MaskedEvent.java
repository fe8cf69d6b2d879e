package io.linkops.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggerContextVO;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/** An event in which every text that came from outside the code is clean. Its message is the formatted one. */
final class MaskedEvent implements ILoggingEvent {
    private final ILoggingEvent event;
    private final UnaryOperator<String> clean;

    MaskedEvent(ILoggingEvent event, UnaryOperator<String> clean) {
        this.event = event;
        this.clean = clean;
    }

    @Override
    public String getMessage() {
        return getFormattedMessage();
    }

    @Override
    public String getFormattedMessage() {
        return clean.apply(String.valueOf(event.getFormattedMessage()));
    }

    @Override
    public Object @Nullable [] getArgumentArray() {
        return null;
    }

    @Override
    public @Nullable IThrowableProxy getThrowableProxy() {
        var thrown = event.getThrowableProxy();
        return thrown == null ? null : new MaskedThrowable(thrown, clean);
    }

    @Override
    public Map<String, String> getMDCPropertyMap() {
        return mdc();
    }

    private Map<String, String> mdc() {
        var cleaned = new LinkedHashMap<String, String>();
        event.getMDCPropertyMap().forEach((key, value) -> cleaned.put(clean.apply(key), clean.apply(value)));
        return cleaned;
    }

    @Override
    @Deprecated
    public Map<String, String> getMdc() {
        return mdc();
    }

    @Override
    public @Nullable List<KeyValuePair> getKeyValuePairs() {
        var pairs = event.getKeyValuePairs();
        return pairs == null
                ? null
                : pairs.stream()
                        .map(pair -> new KeyValuePair(clean.apply(pair.key), clean.apply(String.valueOf(pair.value))))
                        .toList();
    }

    @Override
    public String getThreadName() {
        return clean.apply(event.getThreadName());
    }

    @Override
    public Level getLevel() {
        return event.getLevel();
    }

    @Override
    public String getLoggerName() {
        return event.getLoggerName();
    }

    @Override
    public LoggerContextVO getLoggerContextVO() {
        return event.getLoggerContextVO();
    }

    @Override
    public StackTraceElement[] getCallerData() {
        return event.getCallerData();
    }

    @Override
    public boolean hasCallerData() {
        return event.hasCallerData();
    }

    @Override
    public List<Marker> getMarkerList() {
        return event.getMarkerList();
    }

    @Override
    public long getTimeStamp() {
        return event.getTimeStamp();
    }

    @Override
    public int getNanoseconds() {
        return event.getNanoseconds();
    }

    @Override
    public Instant getInstant() {
        return event.getInstant();
    }

    @Override
    public long getSequenceNumber() {
        return event.getSequenceNumber();
    }

    @Override
    public void prepareForDeferredProcessing() {
        event.prepareForDeferredProcessing();
    }
}
