package io.rocketlink.flink.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Flink's planner is told about tables: no cluster and no broker is asked. */
class PlanningTest {
    private static final String READ = "SELECT * FROM t";
    private static final String WRITE = "INSERT INTO t VALUES (1, 'one')";

    private final TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());

    @BeforeEach
    void dropTables() {
        tables.executeSql("DROP TEMPORARY TABLE IF EXISTS t");
    }

    private void create(String columns, String options) {
        tables.executeSql(
                "CREATE TEMPORARY TABLE t ("
                        + columns
                        + ") WITH ('connector' = 'mq5', 'endpoint' = '127.0.0.1:9', 'topic' = 'orders'"
                        + options
                        + ")");
    }

    private static String options(String... words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.length; i += 2) {
            text.append(", '").append(words[i]).append("' = '").append(words[i + 1]).append("'");
        }
        return text.toString();
    }

    private static final String BOTH =
            options(
                    "consumerGroup", "readers", "scan.startup.mode", "earliest", "lengthCheck", "PAD",
                    "producerGroup", "writers", "partitionField", "name", "retryTimes", "3");

    @ParameterizedTest
    @ValueSource(strings = {"", ", 'format' = 'json'", ", 'format' = 'json', 'json.ignore-parse-errors' = 'true'"})
    void oneTableIsReadAndWritten(String format) {
        create("id INT, name STRING", BOTH + format);
        assertThat(tables.explainSql(READ)).contains("TableSourceScan");
        assertThat(tables.explainSql(WRITE)).contains("Sink(");
        assertThat(tables.explainSql("INSERT INTO t SELECT id + 1, name FROM t")).contains("TableSourceScan", "Sink(");
    }

    @Test
    void aSinkIsMadeLikeASource() {
        create("id INT, name STRING", options("consumerGroup", "readers", "scan.startup.mode", "latest", "pullBatchSize", "9"));
        tables.executeSql("CREATE TEMPORARY TABLE copy WITH ('topic' = 'copies', 'producerGroup' = 'writers') LIKE t");
        assertThat(tables.explainSql("INSERT INTO copy SELECT * FROM t")).contains("Sink(");
    }

    @Test
    void whatIsForTheOtherDirectionIsCheckedForItsValue() {
        create("id INT, name STRING", BOTH.replace("'3'", "'often'").replace("'earliest'", "'earlyest'"));
        for (String statement : new String[] {READ, WRITE}) {
            assertThatThrownBy(() -> tables.explainSql(statement))
                    .hasStackTraceContaining("option 'retryTimes' = 'often'")
                    .hasStackTraceContaining("did you mean 'earliest'?");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "json|json.ignore-parse-error|did you mean 'json.ignore-parse-errors'?",
                "json|json.Ignore-Parse-Errors|did you mean 'json.ignore-parse-errors'?",
                "json|json.no-such-thing|Flink's documentation has those of the format 'json'",
                "debezium-json|debezium-json.schema-includes|did you mean 'debezium-json.schema-include'?",
                "avro|avro.timestamp_mapping.legecy|did you mean 'avro.timestamp_mapping.legacy'?",
                "raw|raw.charsett|did you mean 'raw.charset'?",
                "json|csv.ignore-parse-errors|docs/options.md has those of mq5",
            })
    void unknownOptionsOfAFormatAreRefused(String format, String option, String help) {
        String columns = format.equals("raw") ? "a STRING" : "id INT, name STRING";
        String write = format.equals("raw") ? "INSERT INTO t VALUES ('a')" : WRITE;
        create(columns, BOTH.replace("'name'", "'a'") + options("format", format, option, "true"));
        for (String statement : new String[] {READ, write}) {
            assertThatThrownBy(() -> tables.explainSql(statement))
                    .hasStackTraceContaining("unknown option '" + option + "'; " + help);
        }
    }

    @Test
    void aFormatUnderAnotherCaseIsRefusedWithAWayOut() {
        create("id INT, name STRING", BOTH + options("FORMAT", "json"));
        assertThatThrownBy(() -> tables.explainSql(READ))
                .hasStackTraceContaining("option 'FORMAT': Flink knows it in small letters alone, 'format'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOURCE_WATERMARK()", "source_watermark()"})
    void aSourceHasNoWatermarksOfItsOwn(String function) {
        create(
                "id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'store-timestamp' VIRTUAL, WATERMARK FOR ts AS " + function,
                options("consumerGroup", "readers"));
        assertThatThrownBy(() -> tables.explainSql(READ))
                .hasStackTraceContaining("WATERMARK FOR `ts` AS SOURCE_WATERMARK(): messages bring no watermarks along")
                .hasStackTraceContaining("WATERMARK FOR `ts` AS `ts` - INTERVAL '5' SECOND");
    }

    @Test
    void otherWatermarksAreTaken() {
        create(
                "id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'store-timestamp' VIRTUAL, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND",
                options("consumerGroup", "readers"));
        assertThat(tables.explainSql(READ)).contains("watermark");
    }

    @Test
    void aColumnMayBeCalledLikeThatFunction() {
        create(
                "source_watermark TIMESTAMP(3), WATERMARK FOR source_watermark AS source_watermark - INTERVAL '5' SECOND",
                options("consumerGroup", "readers"));
        assertThat(tables.explainSql(READ)).contains("watermark");
    }

    @Test
    void anUnknownOptionIsToldWithoutAListOfAll() {
        create("id INT, name STRING", BOTH + options("nameServer", "x"));
        assertThatThrownBy(() -> tables.explainSql(READ))
                .rootCause()
                .hasMessage(
                        "table default_catalog.default_database.t: unknown option 'nameServer'; docs/options.md has those of mq5");
    }
}
