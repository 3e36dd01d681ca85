package io.rocketlink.flink.sink;

import io.rocketlink.client.RocketLinkException;
import io.rocketlink.flink.datastream.RocketMQSink;
import io.rocketlink.testing.RocketMqResource;
import io.rocketlink.testing.RocketMqServer;
import io.rocketlink.testing.TopicReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.testframe.environment.MiniClusterTestEnvironment;
import org.apache.flink.connector.testframe.external.ExternalSystemDataReader;
import org.apache.flink.connector.testframe.external.sink.DataStreamSinkV2ExternalContext;
import org.apache.flink.connector.testframe.external.sink.TestingSinkSettings;
import org.apache.flink.connector.testframe.junit.annotations.TestContext;
import org.apache.flink.connector.testframe.junit.annotations.TestEnv;
import org.apache.flink.connector.testframe.junit.annotations.TestExternalSystem;
import org.apache.flink.connector.testframe.junit.annotations.TestSemantics;
import org.apache.flink.connector.testframe.testsuites.SinkTestSuiteBase;
import org.apache.flink.connector.testframe.external.ExternalContextFactory;
import org.apache.flink.core.execution.CheckpointingMode;

/** Flink's own tests of a sink, on a real RocketMQ. */
abstract class RocketMqSinkSuite extends SinkTestSuiteBase<String> {
    @TestSemantics CheckpointingMode[] semantics = {CheckpointingMode.AT_LEAST_ONCE};

    @TestEnv MiniClusterTestEnvironment flink = new MiniClusterTestEnvironment();

    @TestExternalSystem final RocketMqResource rocketMq;

    @TestContext final ExternalContextFactory<TopicContext> context;

    RocketMqSinkSuite(String version, String connector) {
        rocketMq = new RocketMqResource(version);
        context = name -> new TopicContext(rocketMq.running(), connector);
    }

    /** A topic of its own for each test. */
    static final class TopicContext implements DataStreamSinkV2ExternalContext<String> {
        private static final int RECORDS = 300;

        private final RocketMqServer rocketMq;
        private final String connector;
        private final String topic;

        TopicContext(RocketMqServer rocketMq, String connector) {
            this.rocketMq = rocketMq;
            this.connector = connector;
            topic = rocketMq.topic(4);
        }

        @Override
        public Sink<String> createSink(TestingSinkSettings settings) {
            RocketMQSink.Builder<String> builder =
                    connector.equals("mq5") ? RocketMQSink.builder() : RocketMQSink.builderFor4x();
            return builder.setEndpoint(rocketMq.endpoint())
                    .setTopic(topic)
                    .setProducerGroup("producers")
                    .setBodySchema(new SimpleStringSchema())
                    .build();
        }

        @Override
        public ExternalSystemDataReader<String> createSinkDataReader(TestingSinkSettings settings) {
            try {
                return new StringReader(new TopicReader(rocketMq, connector, topic));
            } catch (RocketLinkException problem) {
                throw new UncheckedIOException(problem);
            }
        }

        @Override
        public List<String> generateTestData(TestingSinkSettings settings, long seed) {
            Random random = new Random(seed);
            return random.longs(RECORDS).mapToObj(number -> seed + ":" + number).collect(Collectors.toList());
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

    private static final class StringReader implements ExternalSystemDataReader<String> {
        private final TopicReader reader;

        StringReader(TopicReader reader) {
            this.reader = reader;
        }

        @Override
        public List<String> poll(Duration timeout) {
            try {
                return reader.poll(timeout).stream()
                        .map(message -> new String(message.getBody(), StandardCharsets.UTF_8))
                        .collect(Collectors.toList());
            } catch (RocketLinkException problem) {
                throw new UncheckedIOException(problem);
            }
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
