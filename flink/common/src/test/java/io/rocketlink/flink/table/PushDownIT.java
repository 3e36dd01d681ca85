package io.rocketlink.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three queues with ten messages each, of tags a, b and none in turn: what filters and limits leave unread. */
class PushDownIT extends SqlJobs {
    private static final String[] TAGS = {"a", "b", null};
    private static final String COLUMNS =
            "text STRING, tags STRING METADATA, queue INT METADATA FROM 'queue-id' VIRTUAL, place BIGINT METADATA FROM"
                    + " 'queue-offset' VIRTUAL, stored TIMESTAMP_LTZ(3) METADATA FROM 'store-timestamp' VIRTUAL";

    private static String topic;

    @BeforeAll
    static void fillTopic() {
        topic = server.topic(3);
        for (int i = 0; i < 30; ++i) {
            server.send(topic, i / 10, ("text " + i).getBytes(StandardCharsets.UTF_8), TAGS[i % 3], null);
        }
    }

    private void sameRows(String where, int bodies) throws Exception {
        CountingFormatFactory.BODIES.set(0);
        List<Row> expected = query("SELECT * FROM t WHERE " + where + " OR UPPER(text) = 'never'"); // not for the source
        assertThat(CountingFormatFactory.BODIES).hasValue(30);
        CountingFormatFactory.BODIES.set(0);
        assertThat(query("SELECT * FROM t WHERE " + where)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(CountingFormatFactory.BODIES).hasValue(bodies);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "tags = 'a'; 10",
                "'b' = tags; 10",
                "tags = 'a' OR tags = 'b'; 20",
                "tags IN ('a', 'b', 'c'); 20",
                "tags IN ('a', 'b') AND tags = 'b'; 10",
                "tags = 'a' AND tags = 'b'; 0",
                "tags = 'a' AND queue = 1; 3",
                "tags = 'a' OR queue = 1; 30",
                "tags = 'a' OR tags IS NULL; 30",
                "tags <> 'a'; 30",
                "tags = 'a||b'; 30",
                "text = 'a'; 30",
                "queue = 1; 10",
                "queue IN (0, 2) AND text <> 'text 0'; 20",
                "queue = 1 AND queue IN (0, 1); 10",
                "queue = 99; 0",
                "place >= 8; 6",
                "8 < place; 3",
                "place > 1000; 0",
                "place BETWEEN 2 AND 4; 9",
                "place = 5 AND tags = 'a'; 1",
                "place < 3; 9",
                "place <= -1; 0",
                "place < 3 OR place > 8; 30",
                "stored >= TO_TIMESTAMP_LTZ(0, 3); 30",
                "stored > TO_TIMESTAMP_LTZ(99999999999999, 3); 0",
                "stored < TO_TIMESTAMP_LTZ(1, 3); 0",
            })
    void rowsAreTheSame(String where, int bodies) throws Exception {
        createSource(COLUMNS, topic, "format", "counting");
        sameRows(where, bodies);
    }

    @Test
    void timesAreBounds() throws Exception {
        createSource(COLUMNS, topic, "format", "counting");
        long middle = stored(query("SELECT stored FROM t WHERE text = 'text 15'"));
        String literal = "TO_TIMESTAMP_LTZ(" + middle + ", 3)";
        sameRows("stored >= " + literal, query("SELECT text FROM t WHERE stored >= " + literal).size());
        // A literal may stand for a part of its millisecond: that one is read.
        sameRows("stored < " + literal, query("SELECT text FROM t WHERE stored <= " + literal).size());
    }

    @Test
    void aTimeThatIsCutStandsForAllOfItsSecond() throws Exception {
        createSource("text STRING, stored TIMESTAMP_LTZ(0) METADATA FROM 'store-timestamp' VIRTUAL", topic);
        long second = stored(query("SELECT stored FROM t WHERE text = 'text 29'"));
        String where = "stored = CAST(TO_TIMESTAMP_LTZ(" + second + ", 3) AS TIMESTAMP_LTZ(0))";
        List<Row> expected = query("SELECT * FROM t WHERE " + where + " OR UPPER(text) = 'never'");
        assertThat(expected).isNotEmpty();
        assertThat(query("SELECT * FROM t WHERE " + where)).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static long stored(List<Row> rows) {
        return ((Instant) rows.get(0).getField(0)).toEpochMilli();
    }

    @Test
    void aGivenTagStays() throws Exception {
        createSource(COLUMNS, topic, "format", "counting", "tag", "b");
        CountingFormatFactory.BODIES.set(0);
        assertThat(query("SELECT * FROM t WHERE tags = 'a'")).isEmpty();
        assertThat(CountingFormatFactory.BODIES).hasValue(10);
    }

    @Test
    void aLimitEndsTheScan() throws Exception {
        use(EnvironmentSettings.inBatchMode());
        createSource(COLUMNS, topic);
        assertThat(query("SELECT text FROM t LIMIT 4")).hasSize(4);
        assertThat(query("SELECT text FROM t LIMIT 40")).hasSize(30);
        assertThat(tables.explainSql("SELECT text FROM t LIMIT 4")).contains("limit=[4]");
        assertThat(tables.explainSql("SELECT text FROM t WHERE tags = 'a' LIMIT 4")).doesNotContain("limit=[4]]]");
    }
}
