package io.rocketlink.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableSourceIT extends SqlJobs {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void readsAllQueues(int parallelism) throws Exception {
        tables.getConfig().set("parallelism.default", Integer.toString(parallelism));
        String topic = server.topic(4);
        for (int i = 0; i < 20; ++i) {
            server.send(topic, i % 3, i + ",text " + i); // the last queue stays empty
        }
        createSource("id INT, name STRING", topic);
        assertThat(query("SELECT id, name FROM t"))
                .hasSize(20)
                .contains(Row.of(0, "text 0"), Row.of(19, "text 19"));
    }

    @Test
    void readsEveryType() throws Exception {
        String topic = server.topic(1);
        String text = "a text that is longer than seven bytes: \uD83D\uDE80";
        server.send(
                topic,
                0,
                "true,1,2,3,4,1.5,2.5,12.34,123456789012345678901234567890.12,abc,"
                        + text
                        + ",xyz,2024-02-29,23:59:58,2024-01-02 03:04:05.678,2024-01-02 03:04:05.123456789,1704164645678");
        server.send(topic, 0, ",,,,,,,,,,,,,,,,");
        createSource(
                "a BOOLEAN, b TINYINT, c SMALLINT, d INT, e BIGINT, f FLOAT, g DOUBLE, h DECIMAL(10, 2), i DECIMAL(38, 2),"
                        + " j CHAR(3), k STRING, l BYTES, m DATE, n TIME, o TIMESTAMP(3), p TIMESTAMP(9), q TIMESTAMP_LTZ(3)",
                topic);
        List<Row> rows = query("SELECT * FROM t");
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0))
                .isEqualTo(
                        Row.of(
                                true,
                                (byte) 1,
                                (short) 2,
                                3,
                                4L,
                                1.5f,
                                2.5,
                                new BigDecimal("12.34"),
                                new BigDecimal("123456789012345678901234567890.12"),
                                "abc",
                                text,
                                "xyz".getBytes(StandardCharsets.UTF_8),
                                LocalDate.of(2024, 2, 29),
                                LocalTime.of(23, 59, 58),
                                LocalDateTime.of(2024, 1, 2, 3, 4, 5, 678_000_000),
                                LocalDateTime.of(2024, 1, 2, 3, 4, 5, 123_456_789),
                                Instant.ofEpochMilli(1704164645678L)));
        for (int i = 0; i < 17; ++i) {
            Object value = rows.get(1).getField(i);
            if (i == 9 || i == 10) {
                assertThat(value).isEqualTo("");
            } else if (i == 11) {
                assertThat((byte[]) value).isEmpty();
            } else {
                assertThat(value).isNull();
            }
        }
    }

    @Test
    void projectsColumnsAndMetadataInAnyOrder() throws Exception {
        String topic = server.topic(2);
        server.send(topic, 1, "1,one,x".getBytes(StandardCharsets.UTF_8), "TagA", "k1");
        createSource(
                "place BIGINT METADATA FROM 'queue-offset' VIRTUAL, id INT, tags STRING METADATA, name STRING,"
                        + " `queue-id` INT METADATA VIRTUAL, topic STRING METADATA VIRTUAL, last STRING",
                topic);
        assertThat(query("SELECT last, tags, id, `queue-id`, place, topic FROM t"))
                .containsExactly(Row.of("x", "TagA", 1, 1, 0L, topic));
        assertThat(query("SELECT COUNT(*) AS n FROM t").get(0).getField(0)).isEqualTo(1L);
    }

    @Test
    void aFormatReadsTheBodies() throws Exception {
        String topic = server.topic(2);
        server.send(topic, 1, "{\"id\": 1, \"name\": \"one\", \"price\": 1.5}".getBytes(StandardCharsets.UTF_8), "TagA", "k1");
        server.send(topic, 1, "{\"id\": oops");
        server.send(topic, 1, "{\"id\": 2}");
        String columns =
                "place BIGINT METADATA FROM 'queue-offset' VIRTUAL, id INT, tags STRING METADATA, name STRING, price DECIMAL(5, 2),"
                        + " body STRING";
        createSource(columns, topic, "format", "json");
        assertThat(query("SELECT * FROM t"))
                .containsExactly(
                        Row.of(0L, 1, "TagA", "one", new BigDecimal("1.50"), null), Row.of(2L, 2, null, null, null, null));
        assertThat(query("SELECT name, place, id FROM t")).containsExactly(Row.of("one", 0L, 1), Row.of(null, 2L, 2));
        assertThat(query("SELECT tags FROM t")).containsExactly(Row.of("TagA"), Row.of((Object) null));
        tables.executeSql("DROP TEMPORARY TABLE t");
        createSource(columns, topic, "format", "json", "lengthCheck", "EXCEPTION");
        assertThatThrownBy(() -> query("SELECT id FROM t"))
                .hasStackTraceContaining("queue " + topic + "@" + server.brokerName() + ":1, offset 1: the format cannot read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv", "debezium-json", "canal-json", "maxwell-json", "ogg-json"})
    void whatAFormatSkipsByItsOwnOptionIsNoRow(String format) throws Exception {
        String topic = server.topic(1);
        server.send(topic, 0, format.equals("csv") ? "\"oops" : "{\"id\": oops");
        createSource("id INT, name STRING, tags STRING METADATA", topic, "format", format, format + ".ignore-parse-errors", "true");
        assertThat(query("SELECT id, tags FROM t")).isEmpty();
    }

    @Test
    void whatABinaryFormatWritesItReads() throws Exception {
        String topic = server.topic(2);
        String columns =
                "id INT NOT NULL, name STRING, prices ARRAY<DECIMAL(5, 2)>, k STRING METADATA FROM 'keys', born DATE";
        createTable(columns, topic, List.of("producerGroup", "writers", "format", "avro"));
        tables.executeSql(
                        "INSERT INTO t VALUES (1, 'one', ARRAY[1.50, 2.25], 'k1', DATE '2024-02-29'), (2, CAST(NULL AS STRING),"
                                + " CAST(NULL AS ARRAY<DECIMAL(5, 2)>), CAST(NULL AS STRING), CAST(NULL AS DATE))")
                .await();
        tables.executeSql("DROP TEMPORARY TABLE t");
        createSource(columns, topic, "format", "avro", "lengthCheck", "EXCEPTION");
        assertThat(query("SELECT id, name, prices, k, born FROM t"))
                .containsExactlyInAnyOrder(
                        Row.of(
                                1,
                                "one",
                                new BigDecimal[] {new BigDecimal("1.50"), new BigDecimal("2.25")},
                                "k1",
                                LocalDate.of(2024, 2, 29)),
                        Row.of(2, null, null, null, null));
        assertThat(query("SELECT k, id FROM t")).containsExactlyInAnyOrder(Row.of("k1", 1), Row.of(null, 2));
    }

    @Test
    void aFormatThatProjectsNothingIsProjected() throws Exception {
        String topic = server.topic(1);
        server.send(topic, 0, "text");
        createSource("a STRING, tags STRING METADATA", topic, "format", "raw");
        assertThat(query("SELECT tags, a FROM t")).containsExactly(Row.of(null, "text"));
        assertThat(query("SELECT tags FROM t")).containsExactly(Row.of((Object) null));
    }

    @Test
    void aFormatMayHoldChanges() throws Exception {
        String topic = server.topic(1);
        server.send(topic, 0, "{\"before\": null, \"after\": {\"id\": 1, \"n\": 10}, \"op\": \"c\"}");
        server.send(topic, 0, "{\"before\": null, \"after\": {\"id\": 2, \"n\": 20}, \"op\": \"c\"}");
        server.send(
                topic, 0, "{\"before\": {\"id\": 1, \"n\": 10}, \"after\": {\"id\": 1, \"n\": 11}, \"op\": \"u\"}");
        server.send(topic, 0, "{\"before\": {\"id\": 2, \"n\": 20}, \"after\": null, \"op\": \"d\"}");
        createSource("id INT, n INT, place BIGINT METADATA FROM 'queue-offset' VIRTUAL", topic, "format", "debezium-json");
        assertThat(query("SELECT n, place FROM t"))
                .containsExactly(
                        Row.ofKind(RowKind.INSERT, 10, 0L),
                        Row.ofKind(RowKind.INSERT, 20, 1L),
                        Row.ofKind(RowKind.UPDATE_BEFORE, 10, 2L),
                        Row.ofKind(RowKind.UPDATE_AFTER, 11, 2L),
                        Row.ofKind(RowKind.DELETE, 20, 3L));
        List<Row> sums = query("SELECT SUM(n) FROM t");
        assertThat(sums.get(sums.size() - 1).getField(0)).isEqualTo(11);
    }

    @Test
    void anEmptyTopicEnds() throws Exception {
        createSource("id INT", server.topic(3));
        assertThat(query("SELECT id FROM t")).isEmpty();
    }

    @Test
    void allThatIsWrongIsTold() {
        createSource("id INT, place INT METADATA FROM 'queue-ofset'", "some", "pullBatchSise", "3");
        assertThatThrownBy(() -> query("SELECT * FROM t"))
                .rootCause()
                .hasMessageContaining("did you mean 'pullBatchSize'?")
                .hasMessageContaining("did you mean 'queue-offset'?");
    }

    /** A restart would only meet the same message again. */
    @Timeout(300)
    @ParameterizedTest
    @ValueSource(strings = {"", "json"})
    void aMessageThatFailsTheJobFailsItForGood(String format) throws Exception {
        String topic = server.topic(1);
        server.send(topic, 0, "oops");
        tables.getConfig().set("restart-strategy.type", "fixed-delay");
        tables.getConfig().set("restart-strategy.fixed-delay.attempts", "1000000");
        tables.getConfig().set("restart-strategy.fixed-delay.delay", "100 ms");
        createSource("id INT, n INT", topic, "lengthCheck", "EXCEPTION");
        if (!format.isEmpty()) {
            tables.executeSql("DROP TEMPORARY TABLE t");
            createSource("id INT, n INT", topic, "lengthCheck", "EXCEPTION", "format", format);
        }
        Throwable failure = catchThrowable(() -> query("SELECT id FROM t"));
        assertThat(failure).hasStackTraceContaining("io.rocketlink.flink.FinalFailure: ");
        assertThat(ExceptionUtils.stringifyException(failure)).doesNotContain("One or more fetchers"); // Flink's words
    }

    @Test
    void aMissingTopicFails() {
        createSource("id INT", "no_such_topic");
        assertThatThrownBy(() -> query("SELECT * FROM t")).rootCause().hasMessageContaining("topic 'no_such_topic' does not exist");
    }
}
