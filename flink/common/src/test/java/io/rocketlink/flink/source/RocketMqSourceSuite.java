package io.rocketlink.flink.source;

import io.rocketlink.flink.datastream.MetaQSource;
import io.rocketlink.flink.datastream.RocketMQSource;
import io.rocketlink.testing.BodyText;
import io.rocketlink.testing.RocketMqResource;
import io.rocketlink.testing.RocketMqServer;
import java.net.URL;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.testframe.environment.MiniClusterTestEnvironment;
import org.apache.flink.connector.testframe.external.ExternalContextFactory;
import org.apache.flink.connector.testframe.external.ExternalSystemSplitDataWriter;
import org.apache.flink.connector.testframe.external.source.DataStreamSourceExternalContext;
import org.apache.flink.connector.testframe.external.source.TestingSourceSettings;
import org.apache.flink.connector.testframe.junit.annotations.TestContext;
import org.apache.flink.connector.testframe.junit.annotations.TestEnv;
import org.apache.flink.connector.testframe.junit.annotations.TestExternalSystem;
import org.apache.flink.connector.testframe.junit.annotations.TestSemantics;
import org.apache.flink.connector.testframe.testsuites.SourceTestSuiteBase;
import org.apache.flink.core.execution.CheckpointingMode;

/** Flink's own tests of a source, on a real RocketMQ. */
abstract class RocketMqSourceSuite extends SourceTestSuiteBase<String> {
    @TestSemantics CheckpointingMode[] semantics = {CheckpointingMode.EXACTLY_ONCE};

    @TestEnv MiniClusterTestEnvironment flink = new MiniClusterTestEnvironment();

    @TestExternalSystem final RocketMqResource rocketMq;

    @TestContext final ExternalContextFactory<TopicContext> context;

    RocketMqSourceSuite(String version, String connector) {
        rocketMq = new RocketMqResource(version);
        context = name -> new TopicContext(rocketMq.running(), connector);
    }

    /** A topic of its own for each test, with a queue for each split that the test asks for. */
    static final class TopicContext implements DataStreamSourceExternalContext<String> {
        private static final int RECORDS = 100;

        private final RocketMqServer rocketMq;
        private final String connector;
        private final String topic;
        private int queues;

        TopicContext(RocketMqServer rocketMq, String connector) {
            this.rocketMq = rocketMq;
            this.connector = connector;
            topic = rocketMq.topic(1);
        }

        @Override
        public Source<String, ?, ?> createSource(TestingSourceSettings settings) {
            boolean bounded = settings.getBoundedness() == Boundedness.BOUNDED;
            if (connector.equals("mq")) {
                Properties properties = new Properties();
                properties.put("endpoint", rocketMq.endpoint());
                return new MetaQSource<>(
                        topic, "g_" + topic, null, null, Long.MAX_VALUE, -1, 0, 300_000, properties, settings.getBoundedness(), new BodyText());
            }
            return RocketMQSource.<String>builder()
                    .setEndpoint(rocketMq.endpoint())
                    .setTopic(topic)
                    .setConsumerGroup("g_" + topic)
                    .setOption("scan.startup.mode", "earliest")
                    .setOption("scan.bounded.mode", bounded ? "latest" : "unbounded")
                    .setDeserializationSchema(new BodyText())
                    .build();
        }

        @Override
        public ExternalSystemSplitDataWriter<String> createSourceSplitDataWriter(TestingSourceSettings settings) {
            int queue = queues++;
            rocketMq.resize(topic, queues);
            return new ExternalSystemSplitDataWriter<>() {
                @Override
                public void writeRecords(List<String> records) {
                    records.forEach(record -> rocketMq.send(topic, queue, record));
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public List<String> generateTestData(TestingSourceSettings settings, int split, long seed) {
            return new Random(seed)
                    .longs(RECORDS)
                    .mapToObj(number -> split + ":" + number)
                    .collect(Collectors.toList());
        }

        @Override
        public TypeInformation<String> getProducedType() {
            return Types.STRING;
        }

        @Override
        public List<URL> getConnectorJarPaths() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
