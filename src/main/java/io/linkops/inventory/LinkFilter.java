package io.linkops.inventory;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.FindLinks;
import io.linkops.inventory.Inventory.LinkColumn;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.LinkStatus;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which links a question means, and in which order (P9, P10): pure. */
final class LinkFilter {
    private final FindLinks question;
    private final @Nullable LinkStatus status;
    private final @Nullable EnrollmentStatus enrollment;
    private final @Nullable String text;
    private final Comparator<LinkState> order;

    /** Refuses words it does not know, naming the ones it does. */
    LinkFilter(FindLinks question) {
        this.question = question;
        this.status = word("status", question.status(), LinkStatus.values());
        this.enrollment = word("enrollment", question.enrollment(), EnrollmentStatus.values());
        this.text = question.text() == null ? null : question.text().toLowerCase(Locale.ROOT);
        var column = word("sort", question.sort(), LinkColumn.values());
        this.order = order(column == null ? LinkColumn.ID : column, question.descending());
    }

    List<LinkState> of(Stream<LinkState> links) {
        return links.filter(this::matches).sorted(order).toList();
    }

    private boolean matches(LinkState state) {
        var link = state.link();
        return (question.withRetired() || !state.isRetired())
                && (question.type() == null || question.type().equals(link.type()))
                && (status == null || status == state.status())
                && (enrollment == null || enrollment == state.enrollment().status())
                && (question.tag() == null || link.tags().contains(question.tag()))
                && (text == null
                        || Stream.of(
                                        link.id(),
                                        link.host(),
                                        link.user(),
                                        link.provider() == null ? "" : link.provider())
                                .anyMatch(
                                        value -> value.toLowerCase(Locale.ROOT).contains(text)));
    }

    private static Comparator<LinkState> order(LinkColumn column, boolean isDescending) {
        var byId = Comparator.<LinkState, String>comparing(state -> state.link().id());
        return switch (column) {
            case ID -> isDescending ? byId.reversed() : byId;
            case TYPE -> by(state -> state.link().type(), isDescending).thenComparing(byId);
            case PROVIDER -> by(state -> state.link().provider(), isDescending).thenComparing(byId);
            case HOST -> by(state -> state.link().host(), isDescending).thenComparing(byId);
            case PORT -> by(state -> state.link().port(), isDescending).thenComparing(byId);
            case USER -> by(state -> state.link().user(), isDescending).thenComparing(byId);
            case ENROLLMENT ->
                by(state -> state.enrollment().status().name(), isDescending).thenComparing(byId);
            case STATUS -> by(state -> state.status().name(), isDescending).thenComparing(byId);
            case LATENCY -> by(LinkState::latencyMillis, isDescending).thenComparing(byId);
            case LAST_SEEN -> by(LinkState::lastSeen, isDescending).thenComparing(byId);
        };
    }

    private static <T extends Comparable<? super T>> Comparator<LinkState> by(
            Function<LinkState, @Nullable T> value, boolean isDescending) {
        Comparator<T> direction = isDescending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return (a, b) -> {
            T left = value.apply(a);
            T right = value.apply(b);
            if (left == null || right == null) {
                return Boolean.compare(left == null, right == null);
            }
            return direction.compare(left, right);
        };
    }

    private static <E extends Enum<E>> @Nullable E word(String field, @Nullable String text, E[] allowed) {
        if (text == null) {
            return null;
        }
        for (var value : allowed) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                return value;
            }
        }
        var words = Arrays.stream(allowed)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        var message = "must be one of " + String.join(", ", words);
        throw new Failure(ErrorCode.VALIDATION_FAILED, field + " " + message, Map.of("fields", Map.of(field, message)));
    }
}
