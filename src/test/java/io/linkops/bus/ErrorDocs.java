package io.linkops.bus;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;

/** Writes docs/ERRORS.md from the codes and what error-codes.properties says of them. */
final class ErrorDocs {
    private ErrorDocs() {}

    static Properties texts() throws IOException {
        var texts = new Properties();
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(ErrorDocs.class.getResourceAsStream("/error-codes.properties")),
                StandardCharsets.UTF_8)) {
            texts.load(in);
        }
        return texts;
    }

    static String page() throws IOException {
        var texts = texts();
        var page = new StringBuilder(INTRODUCTION);
        for (var category : ErrorCode.Category.values()) {
            page.append("\n## ").append(title(category)).append("\n");
            for (var code : ErrorCode.values()) {
                if (code.category() == category) {
                    page.append("\n### ").append(code).append("\n\nHTTP ").append(code.httpStatus());
                    page.append(". ").append(texts.getProperty(code + ".cause")).append("\n\n**What to do:** ");
                    page.append(texts.getProperty(code + ".remedy")).append("\n");
                }
            }
        }
        return page.append(EXIT_CODES).toString();
    }

    private static String title(ErrorCode.Category category) {
        return switch (category) {
            case CALLER -> "The request must change";
            case LINK -> "A link must be put right";
            case SERVER -> "LinkOps, or what it stands on, must be put right";
        };
    }

    private static final String INTRODUCTION = """
        # Errors

        Written from the code by `mvn test -Dtest=ErrorDocsTest -Ddocs.apply -Dfrontend.skip`; do not edit by hand.

        Every error of the API has this shape. `code` is one of those below and never changes its meaning; `message` is for
        people and may; `details` depends on the code; `request_id` is also in the log and in the header `X-Request-Id`.

        <!-- check json Error -->
        ```json
        {
          "error": {
            "code": "NOT_ENROLLED",
            "message": "1 of 2 targets are not enrolled (web-2); verify them first. Nothing was run",
            "details": {},
            "timestamp": "2026-11-01T12:00:00Z",
            "request_id": "6f6a7a0e-7a53-4d0e-9a3f-0f1c3d5b7e11"
          }
        }
        ```
        """;

    private static final String EXIT_CODES = """

        ## Exit codes of the command line

        | code | meaning |
        |---|---|
        | 0 | done |
        | 1 | failed; the reason is on standard error, with the code above where there is one |
        | 2 | called wrongly; `--help` tells how it is called |
        """;
}
