package io.rocketlink.flink.table;

import io.rocketlink.testing.OnRocketMq;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SQL jobs with a table {@code t} of the connector, on one small cluster per class: to start it takes longer than most jobs. */
abstract class SqlJobs extends OnRocketMq {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(8)
                            .build());

    protected TableEnvironment tables;

    @BeforeEach
    void useTheCluster() {
        use(EnvironmentSettings.inStreamingMode());
    }

    protected void use(EnvironmentSettings settings) {
        tables = TableEnvironment.create(settings);
        tables.getConfig().set("parallelism.default", "2");
    }

    /**
     * Makes the table {@code t}.
     *
     * @param options names and values in turn
     */
    protected void createTable(String columns, String topic, List<String> options) {
        StringBuilder with = new StringBuilder();
        for (int i = 0; i < options.size(); i += 2) {
            with.append(", '").append(options.get(i)).append("' = '").append(options.get(i + 1)).append("'");
        }
        tables.executeSql(
                String.format(
                        "CREATE TEMPORARY TABLE t (%s) WITH ('connector' = 'mq5', 'endPoint' = '%s', 'topic' = '%s'%s)",
                        columns, server.endpoint(), topic, with));
    }

    /** The same for reading: CSV, from the first message to the last. */
    protected void createSource(String columns, String topic, String... more) {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "consumerGroup",
                                "g_" + topic,
                                "fieldDelimiter",
                                ",",
                                "scan.startup.mode",
                                "earliest",
                                "scan.bounded.mode",
                                "latest"));
        options.addAll(List.of(more));
        createTable(columns, topic, options);
    }

    /** All rows of a query. */
    protected List<Row> query(String sql) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Row> found = tables.executeSql(sql).collect()) {
            found.forEachRemaining(rows::add);
        }
        return rows;
    }
}
