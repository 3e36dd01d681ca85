package io.rocketlink.flink.table;

import io.rocketlink.client.ScanRestriction;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/**
 * Reads predicates on metadata for what they say about messages that need not be read. What it takes may let through more than
 * the predicates do, never less, so these stay in the plan. A stop is taken in bounded scans only: an endless one goes on
 * behind it for the sake of its watermarks.
 */
final class FilterReader {
    /** More are no subscription that brokers take well: the predicate stays with Flink. */
    private static final int MOST_TAGS = 100;

    /** What cannot be mistaken for the syntax of a subscription or a secret. */
    private static final Pattern PLAIN_TAG = Pattern.compile("[\\w.:/#@-]+");

    /** Times without a zone are read as UTC's, which the table's zone is less than a day away from. */
    private static final long ANY_ZONE_MILLIS = Duration.ofDays(1).toMillis();

    private final Function<FieldReferenceExpression, String> keys;
    private final boolean bounded;
    private final ScanRestriction restriction = new ScanRestriction();
    private Set<String> tags;

    /** {@code keys}: of the metadata that a field holds; empty when it holds something else. */
    FilterReader(Function<FieldReferenceExpression, String> keys, boolean bounded) {
        this.keys = keys;
        this.bounded = bounded;
    }

    /** True when something was taken. */
    boolean read(ResolvedExpression filter) {
        if (isCall(filter, BuiltInFunctionDefinitions.AND)) {
            boolean taken = false;
            for (ResolvedExpression part : filter.getResolvedChildren()) {
                taken |= read(part);
            }
            return taken;
        }
        Set<String> wantedTags = values(filter, "tags", String.class);
        if (wantedTags != null) {
            return takeTags(wantedTags);
        }
        Set<Integer> wantedQueues = values(filter, "queue-id", Integer.class);
        if (wantedQueues != null) {
            restriction.queues(wantedQueues);
            return true;
        }
        return takeBound(filter);
    }

    ScanRestriction restriction() {
        return restriction;
    }

    /** As the option {@code tag} has them; empty: nothing was said. */
    Optional<String> tags() {
        return tags == null ? Optional.empty() : Optional.of(String.join("||", tags));
    }

    private boolean takeTags(Set<String> wanted) {
        Set<String> both = new LinkedHashSet<>(wanted);
        if (tags != null) {
            both.retainAll(tags);
        }
        if (both.isEmpty() || both.size() > MOST_TAGS || !both.stream().allMatch(tag -> PLAIN_TAG.matcher(tag).matches())) {
            return false;
        }
        tags = both;
        return true;
    }

    /** Of {@code key = value}, {@code key IN (…)} and these joined by OR; null: it is something else. */
    private <T> Set<T> values(ResolvedExpression filter, String key, Class<T> type) {
        List<ResolvedExpression> parts = filter.getResolvedChildren();
        Set<T> values = new LinkedHashSet<>();
        if (isCall(filter, BuiltInFunctionDefinitions.OR)) {
            for (ResolvedExpression part : parts) {
                Set<T> found = values(part, key, type);
                if (found == null) {
                    return null;
                }
                values.addAll(found);
            }
            return values;
        }
        boolean in = isCall(filter, BuiltInFunctionDefinitions.IN);
        if (!in && !isCall(filter, BuiltInFunctionDefinitions.EQUALS)) {
            return null;
        }
        List<ResolvedExpression> literals = new ArrayList<>(parts);
        if (!in && parts.get(1) instanceof FieldReferenceExpression) {
            Collections.reverse(literals);
        }
        if (!isField(literals.remove(0), key)) {
            return null;
        }
        for (ResolvedExpression literal : literals) {
            Optional<T> value = value(literal, type);
            if (value.isEmpty()) {
                return null;
            }
            values.add(value.get());
        }
        return values;
    }

    private boolean takeBound(ResolvedExpression filter) {
        if (!(filter instanceof CallExpression) || filter.getResolvedChildren().size() != 2) {
            return false;
        }
        FunctionDefinition comparison = ((CallExpression) filter).getFunctionDefinition();
        ResolvedExpression field = filter.getResolvedChildren().get(0);
        ResolvedExpression literal = filter.getResolvedChildren().get(1);
        if (literal instanceof FieldReferenceExpression) {
            field = filter.getResolvedChildren().get(1);
            literal = filter.getResolvedChildren().get(0);
            comparison = mirrored(comparison);
        }
        boolean atLeast = comparison == BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL;
        boolean above = comparison == BuiltInFunctionDefinitions.GREATER_THAN;
        boolean atMost = comparison == BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL;
        boolean below = comparison == BuiltInFunctionDefinitions.LESS_THAN;
        if (comparison == BuiltInFunctionDefinitions.EQUALS) {
            atLeast = true;
            atMost = true;
        }
        boolean first = atLeast || above;
        boolean stop = (atMost || below) && bounded;
        if (!first && !stop) {
            return false;
        }
        if (isField(field, "queue-offset")) {
            Optional<Long> value = wholeNumber(literal);
            value.filter(any -> first).ifPresent(offset -> restriction.offsetsFrom(above ? behind(offset) : offset));
            value.filter(any -> stop).ifPresent(offset -> restriction.offsetsUntil(below ? offset : behind(offset)));
            return value.isPresent();
        }
        if (isField(field, "store-timestamp")) {
            Optional<Long> value = millis(literal);
            long reach = zoned(literal) ? 0 : ANY_ZONE_MILLIS;
            long shownAlike = millisShownAlike(field);
            value.filter(any -> first).ifPresent(time -> restriction.storedFrom(time - reach));
            value.filter(any -> stop).ifPresent(time -> restriction.storedUntil(time + reach + shownAlike));
            return value.isPresent();
        }
        return false;
    }

    /** How many milliseconds a column of times has one value for: those of few digits are cut. */
    private static long millisShownAlike(ResolvedExpression field) {
        int digits = LogicalTypeChecks.getPrecision(field.getOutputDataType().getLogicalType());
        return digits >= 3 ? 1 : (long) Math.pow(10, 3 - digits);
    }

    private static long behind(long value) {
        return value == Long.MAX_VALUE ? value : value + 1;
    }

    private static FunctionDefinition mirrored(FunctionDefinition comparison) {
        if (comparison == BuiltInFunctionDefinitions.GREATER_THAN) {
            return BuiltInFunctionDefinitions.LESS_THAN;
        }
        if (comparison == BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL) {
            return BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL;
        }
        if (comparison == BuiltInFunctionDefinitions.LESS_THAN) {
            return BuiltInFunctionDefinitions.GREATER_THAN;
        }
        if (comparison == BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL) {
            return BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL;
        }
        return comparison;
    }

    private boolean isField(ResolvedExpression expression, String key) {
        return expression instanceof FieldReferenceExpression && keys.apply((FieldReferenceExpression) expression).equals(key);
    }

    private static boolean isCall(ResolvedExpression expression, FunctionDefinition function) {
        return expression instanceof CallExpression && ((CallExpression) expression).getFunctionDefinition() == function;
    }

    /** The planner compares columns of one integer type with literals of another. */
    private static Optional<Long> wholeNumber(ResolvedExpression literal) {
        return value(literal, Number.class)
                .filter(number -> number instanceof Integer || number instanceof Long)
                .map(Number::longValue);
    }

    private static <T> Optional<T> value(ResolvedExpression expression, Class<T> type) {
        return expression instanceof ValueLiteralExpression
                ? ((ValueLiteralExpression) expression).getValueAs(type)
                : Optional.empty();
    }

    private static boolean zoned(ResolvedExpression literal) {
        LogicalType type = literal.getOutputDataType().getLogicalType();
        return type.is(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
    }

    /** Epoch milliseconds of a point in time, those begun. */
    private static Optional<Long> millis(ResolvedExpression literal) {
        return zoned(literal)
                ? value(literal, Instant.class).map(Instant::toEpochMilli)
                : value(literal, LocalDateTime.class).map(time -> time.toInstant(ZoneOffset.UTC).toEpochMilli());
    }
}
