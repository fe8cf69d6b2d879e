package io.linkops.vault;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ways in which one secret may stand in a text.
 *
 * @param literals as they are: the secret, its JSON, hexadecimal and base64 forms
 * @param urlEncoded the secret and its base64 forms, any of their characters percent-encoded: encoders differ in which
 */
record SecretForms(List<String> literals, List<Pattern> urlEncoded) {

    static SecretForms of(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        Set<String> literals = new LinkedHashSet<>(List.of(secret, json(secret)));
        literals.add(HexFormat.of().formatHex(bytes));
        literals.add(HexFormat.of().withUpperCase().formatHex(bytes));
        var base64 = base64(bytes);
        literals.addAll(base64);
        return new SecretForms(
                literals.stream()
                        .filter(form -> form.length() >= Masking.SHORTEST)
                        .toList(),
                Stream.concat(Stream.of(secret), base64.stream())
                        .map(SecretForms::urlEncoded)
                        .toList());
    }

    /** Marks every place in the text that gives the secret away. */
    void mark(String text, BitSet spans) {
        for (var form : literals) {
            for (int at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
                spans.set(at, at + form.length());
            }
        }
        if (text.indexOf('%') >= 0 || text.indexOf('+') >= 0) {
            for (var form : urlEncoded) {
                var matcher = form.matcher(text);
                for (int from = 0; from <= text.length() && matcher.find(from); from = matcher.start() + 1) {
                    spans.set(matcher.start(), matcher.end());
                }
            }
        }
    }

    private static Set<String> base64(byte[] bytes) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(Base64.getEncoder().encodeToString(bytes));
        for (int before = 0; before < 3; before++) {
            forms.add(withinBase64(bytes, before));
        }
        forms.addAll(forms.stream()
                .map(form -> form.replace('+', '-').replace('/', '_'))
                .toList());
        return forms;
    }

    /**
     * The characters that the secret alone decides when it is encoded after {@code before} (mod 3) other bytes, as in
     * the {@code user:password} of an Authorization header.
     */
    private static String withinBase64(byte[] secret, int before) {
        byte[] shifted = new byte[before + secret.length];
        System.arraycopy(secret, 0, shifted, before, secret.length);
        var encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        return encoded.substring((before * 8 + 5) / 6, shifted.length * 8 / 6);
    }

    private static Pattern urlEncoded(String text) {
        return Pattern.compile(text.codePoints()
                .mapToObj(character -> character == ' '
                        ? "(?: |\\+|%20)"
                        : "(?:" + Pattern.quote(Character.toString(character)) + "|" + percent(character) + ")")
                .collect(Collectors.joining()));
    }

    private static String percent(int character) {
        var encoded = new StringBuilder();
        for (byte each : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
            encoded.append("%(?i:").append(HexFormat.of().toHexDigits(each)).append(")");
        }
        return encoded.toString();
    }

    private static String json(String secret) {
        return secret.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }
}
