package io.linkops.ssh;

/** The size of a terminal in characters; both from 1 to {@link #MOST} (IllegalArgumentException). */
public record PtySize(int cols, int rows) {
    /** More than any screen has. */
    public static final int MOST = 1000;

    public PtySize {
        if (cols < 1 || cols > MOST || rows < 1 || rows > MOST) {
            throw new IllegalArgumentException(
                    "a terminal has 1 to " + MOST + " columns and rows, not " + cols + " x " + rows);
        }
    }
}
