package io.linkops.client;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Pieces of one stream put together to lines of text; a line longer than {@value #LONGEST} letters comes in parts. */
public final class Lines {
    static final int LONGEST = 16 * 1024;

    private final Consumer<String> reader;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final StringBuilder line = new StringBuilder();
    private ByteBuffer rest = ByteBuffer.allocate(0);

    /** @param reader gets each line without its end */
    public Lines(Consumer<String> reader) {
        this.reader = reader;
    }

    public void add(byte[] piece) {
        var bytes = ByteBuffer.allocate(rest.remaining() + piece.length)
                .put(rest)
                .put(piece)
                .flip();
        var letters = CharBuffer.allocate(bytes.remaining() + 1);
        decoder.decode(bytes, letters, false);
        rest = bytes.slice();
        take(letters.flip());
    }

    /** No more will come: what is left is a line. */
    public void end() {
        var letters = CharBuffer.allocate(rest.remaining() + 1);
        decoder.decode(rest, letters, true);
        decoder.flush(letters);
        take(letters.flip());
        if (!line.isEmpty()) {
            emit();
        }
    }

    private void take(CharBuffer letters) {
        while (letters.hasRemaining()) {
            char letter = letters.get();
            if (letter == '\n') {
                emit();
            } else {
                if (line.length() >= LONGEST && !Character.isLowSurrogate(letter)) {
                    emit();
                }
                line.append(letter);
            }
        }
    }

    private void emit() {
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
            line.setLength(length - 1);
        }
        reader.accept(line.toString());
        line.setLength(0);
    }
}
