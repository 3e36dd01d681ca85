package io.rocketlink.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.rocketlink.testing.Await;
import io.rocketlink.testing.RocketMqServer;
import io.rocketlink.testing.TopicReader;
import java.nio.charset.StandardCharsets;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readers without a queue hold nothing back. */
class MoreSubtasksIT {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    @Test
    void watermarksAndCheckpointsGoOn() throws Exception {
        try (RocketMqServer server = new RocketMqServer("5.5.0")) {
            String from = server.topic(1);
            String to = server.topic(1);
            TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
            tables.getConfig().set("parallelism.default", "4");
            tables.getConfig().set("execution.checkpointing.interval", "200 ms");
            String with = "'connector' = 'mq5', 'endpoint' = '" + server.endpoint() + "', 'fieldDelimiter' = ',', ";
            tables.executeSql(
                    "CREATE TEMPORARY TABLE s (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ("
                            + with
                            + ("'topic' = '" + from + "', 'consumerGroup' = 'g-" + from + "')"));
            tables.executeSql(
                    "CREATE TEMPORARY TABLE k (n BIGINT) WITH (" + with + ("'topic' = '" + to + "', 'producerGroup' = 'p')"));
            TableResult job =
                    tables.executeSql(
                            "INSERT INTO k SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))"
                                    + " GROUP BY window_start, window_end");
            try (TopicReader reader = new TopicReader(server, "mq5", to)) {
                server.send(from, 0, "1,2024-01-01 00:00:10");
                server.send(from, 0, "2,2024-01-01 00:00:20");
                server.send(from, 0, "3,2024-01-01 00:02:00");
                // The window closes by a watermark that three idle readers could hold back.
                assertThat(reader.take(1)).hasSize(1).allMatch(one -> new String(one.getBody(), StandardCharsets.UTF_8).equals("2"));
                // Positions are committed when a checkpoint completes.
                Await.until("a checkpoint", () -> server.committed("g-" + from, from, 0) == 3);
            } finally {
                job.getJobClient().orElseThrow().cancel().get();
            }
        }
    }
}
