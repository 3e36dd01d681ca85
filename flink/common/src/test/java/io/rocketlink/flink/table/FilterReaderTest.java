package io.rocketlink.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;

class FilterReaderTest {
    private final FilterReader bounded = new FilterReader(FieldReferenceExpression::getName, true);
    private final FilterReader endless = new FilterReader(FieldReferenceExpression::getName, false);

    private static ResolvedExpression field(String key, DataType type) {
        return new FieldReferenceExpression(key, type, 0, 0);
    }

    private static final ResolvedExpression TAGS = field("tags", DataTypes.STRING());
    private static final ResolvedExpression QUEUE = field("queue-id", DataTypes.INT());
    private static final ResolvedExpression OFFSET = field("queue-offset", DataTypes.BIGINT());
    private static final ResolvedExpression STORED = field("store-timestamp", DataTypes.TIMESTAMP(3));

    private static ResolvedExpression is(Object value) {
        return new ValueLiteralExpression(value);
    }

    private static ResolvedExpression call(BuiltInFunctionDefinition function, ResolvedExpression... arguments) {
        return CallExpression.permanent(function, Arrays.asList(arguments), DataTypes.BOOLEAN());
    }

    private static ResolvedExpression equal(ResolvedExpression field, Object value) {
        return call(BuiltInFunctionDefinitions.EQUALS, field, is(value));
    }

    @Test
    void tagsBecomeASubscription() {
        assertThat(bounded.read(call(BuiltInFunctionDefinitions.OR, equal(TAGS, "a"), equal(TAGS, "b")))).isTrue();
        assertThat(bounded.tags()).contains("a||b");
        assertThat(bounded.read(call(BuiltInFunctionDefinitions.IN, TAGS, is("b"), is("c")))).isTrue();
        assertThat(bounded.tags()).contains("b");
        assertThat(bounded.read(equal(TAGS, "d"))).isFalse();
        assertThat(bounded.tags()).contains("b");
    }

    @Test
    void whatASubscriptionCannotSayIsLeft() {
        for (String tag : List.of("", "*", "a||b", " a", "${secret_values.a}")) {
            assertThat(bounded.read(equal(TAGS, tag))).as(tag).isFalse();
        }
        assertThat(bounded.read(call(BuiltInFunctionDefinitions.NOT_EQUALS, TAGS, is("a")))).isFalse();
        assertThat(bounded.read(call(BuiltInFunctionDefinitions.IS_NULL, TAGS))).isFalse();
        assertThat(bounded.read(call(BuiltInFunctionDefinitions.OR, equal(TAGS, "a"), equal(QUEUE, 1)))).isFalse();
        assertThat(bounded.tags()).isEmpty();
    }

    @Test
    void partsOfAnAndAreTakenOneByOne() {
        ResolvedExpression other = equal(field("", DataTypes.INT()), 1);
        assertThat(bounded.read(call(BuiltInFunctionDefinitions.AND, equal(QUEUE, 1), other, equal(TAGS, "a")))).isTrue();
        assertThat(bounded.tags()).contains("a");
        assertThat(bounded.restriction()).hasToString("queues [1]");
    }

    @Test
    void comparisonsBecomeBounds() {
        bounded.read(call(BuiltInFunctionDefinitions.LESS_THAN, is(5L), OFFSET));
        bounded.read(call(BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL, OFFSET, is(9)));
        assertThat(bounded.restriction()).hasToString("offsets 6 to 10");
        endless.read(call(BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL, OFFSET, is(5L)));
        assertThat(endless.read(call(BuiltInFunctionDefinitions.LESS_THAN, OFFSET, is(9L)))).isFalse();
        assertThat(endless.restriction()).hasToString("offsets 5 to -1");
    }

    @Test
    void aTimeOfFewDigitsStandsForAllThatIsCutToIt() {
        ResolvedExpression seconds = field("store-timestamp", DataTypes.TIMESTAMP_LTZ(0));
        ResolvedExpression tenths = field("store-timestamp", DataTypes.TIMESTAMP_LTZ(1));
        bounded.read(call(BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL, seconds, is(Instant.ofEpochMilli(7_000))));
        assertThat(bounded.restriction()).hasToString("stored -1 to 8000");
        bounded.read(equal(tenths, Instant.ofEpochMilli(6_500)));
        assertThat(bounded.restriction()).hasToString("stored 6500 to 6600");
    }

    @Test
    void timesWithoutAZoneAreADayWider() {
        bounded.read(equal(STORED, LocalDateTime.of(1970, 1, 3, 0, 0)));
        assertThat(bounded.restriction()).hasToString("stored 86400000 to 259200001");
    }
}
