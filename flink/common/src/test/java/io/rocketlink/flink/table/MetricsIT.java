package io.rocketlink.flink.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.rocketlink.testing.Await;
import io.rocketlink.testing.OnRocketMq;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every metric that the documentation names, as a reporter of Flink's sees it while a job runs. */
class MetricsIT extends OnRocketMq {
    private static final InMemoryReporter REPORTER = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .setConfiguration(REPORTER.addToConfiguration(new Configuration()))
                            .build());

    private final Map<String, Metric> metrics = new HashMap<>();

    /** Takes the operator's metrics by their names, and all that have a scope of their own by that. */
    private void look(JobID job, String operator) {
        metrics.clear();
        REPORTER.findOperatorMetricGroups(job, operator)
                .forEach(group -> metrics.putAll(REPORTER.getMetricsByGroup(group)));
        REPORTER.getMetricsByGroup()
                .forEach((group, own) -> own.forEach((name, metric) -> metrics.put(group.getMetricIdentifier(name), metric)));
    }

    private Metric metric(String name) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name) || (name.contains(".") && entry.getKey().endsWith(name)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no metric " + name + " among " + metrics.keySet()));
    }

    private double value(String name) {
        Metric metric = metric(name);
        if (metric instanceof Counter) {
            return ((Counter) metric).getCount();
        }
        return metric instanceof Meter
                ? ((Meter) metric).getRate()
                : ((Number) ((Gauge<?>) metric).getValue()).doubleValue();
    }

    @Test
    void everyMetricHasItsNameAndValue() throws Exception {
        String from = "from%a|" + UUID.randomUUID(); // signs that topics may have and scopes of metrics may not like
        server.resize(from, 2);
        String to = server.topic(1);
        int bytes = 0;
        for (int i = 0; i < 10; ++i) {
            String body = i == 4 ? "four,x" : i + (i == 7 ? ",a;b" : ",x");
            bytes += body.getBytes(StandardCharsets.UTF_8).length;
            server.send(from, i % 2, body);
        }
        TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        tables.getConfig().set("parallelism.default", "1");
        tables.getConfig().set("execution.checkpointing.interval", "200 ms");
        tables.getConfig().set("pipeline.operator-chaining.enabled", "false");
        String common = "(id INT, name STRING) WITH ('connector' = 'mq5', 'endpoint' = '" + server.endpoint() + "', ";
        tables.executeSql(
                "CREATE TEMPORARY TABLE s "
                        + common
                        + ("'topic' = '" + from + "', 'consumerGroup' = 'g', 'fieldDelimiter' = ',',")
                        + " 'scan.startup.mode' = 'earliest')");
        tables.executeSql(
                "CREATE TEMPORARY TABLE k "
                        + common
                        + ("'topic' = '" + to + "', 'producerGroup' = 'g', 'fieldDelimiter' = ';')"));
        TableResult job = tables.executeSql("INSERT INTO k SELECT id, name FROM s");
        JobID id = job.getJobClient().orElseThrow().getJobID();
        try {
            Await.until(
                    "what is written",
                    () -> {
                        look(id, "Writer");
                        return value("numRecordsOut") == 9;
                    });
            for (String zero : new String[] {"numRecordsOutErrors", "numRetries", "numThrottled", "numSendsDegraded"}) {
                assertThat(value(zero)).as(zero).isZero();
            }
            assertThat(value("numBytesOut")).isEqualTo(9 * "1;x".length() + ";b".length());
            assertThat(value("numDelimiterConflicts")).isEqualTo(1);
            assertThat(value("numApiCalls")).isBetween(1.0, 20.0);
            assertThat(value("currentSendTime")).isBetween(0.0, 60_000.0);
            assertThat(value("numRecordsOutPerSecond")).isNotNegative();
            assertThat(value("numBytesOutPerSecond")).isNotNegative();

            look(id, "Source: ");
            assertThat(value("numRecordsIn")).isEqualTo(9);
            assertThat(value("numRecordsInErrors")).isEqualTo(1);
            assertThat(value("numBytesIn")).isEqualTo(bytes);
            assertThat(value("pendingRecords")).isZero();
            assertThat(value("numApiCalls")).isPositive();
            assertThat(value("numRetries")).isZero();
            assertThat(value("numThrottled")).isZero();
            assertThat(value("currentFetchEventTimeLag")).isBetween(0.0, 120_000.0);
            assertThat(value("currentEmitEventTimeLag")).isBetween(0.0, 120_000.0);
            Await.until("an idle source", () -> value("sourceIdleTime") > 0);
            assertThat(value("numRecordsInPerSecond")).isNotNegative();
            assertThat(value("numBytesInPerSecond")).isNotNegative();
            for (int queue = 0; queue < 2; ++queue) {
                String scope = "topic." + from + ".broker." + server.brokerName() + ".queue." + queue + ".";
                assertThat(value(scope + "currentOffset")).isEqualTo(5);
                assertThat(value(scope + "pendingRecords")).isZero();
                Await.until("a commit", () -> value(scope + "committedOffset") == 5);
            }
        } finally {
            job.getJobClient().orElseThrow().cancel().get();
        }
    }
}
