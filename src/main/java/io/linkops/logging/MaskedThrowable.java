package io.linkops.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A throwable whose message is clean, and its causes' and suppressed ones' too. */
final class MaskedThrowable implements IThrowableProxy {
    private final IThrowableProxy thrown;
    private final UnaryOperator<String> clean;

    MaskedThrowable(IThrowableProxy thrown, UnaryOperator<String> clean) {
        this.thrown = thrown;
        this.clean = clean;
    }

    @Override
    public @Nullable String getMessage() {
        return cleaned(thrown.getMessage());
    }

    @Override
    public @Nullable String getOverridingMessage() {
        return cleaned(thrown.getOverridingMessage());
    }

    private @Nullable String cleaned(@Nullable String text) {
        return text == null ? null : clean.apply(text);
    }

    @Override
    public String getClassName() {
        return thrown.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
        return thrown.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
        return thrown.getCommonFrames();
    }

    @Override
    public @Nullable IThrowableProxy getCause() {
        var cause = thrown.getCause();
        return cause == null ? null : new MaskedThrowable(cause, clean);
    }

    @Override
    public IThrowableProxy @Nullable [] getSuppressed() {
        var suppressed = thrown.getSuppressed();
        return suppressed == null
                ? null
                : Arrays.stream(suppressed)
                        .map(each -> new MaskedThrowable(each, clean))
                        .toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
        return thrown.isCyclic();
    }
}
